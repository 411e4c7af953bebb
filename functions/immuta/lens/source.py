"""Data sources and columns (contract section 4)."""

from __future__ import annotations

from typing import Any

from souk.ids import key_as_cuid, record_key
from souk.products.sources import Source, SourceColumn


def source_out(source: Source, status: str) -> dict[str, Any]:
    """A data source with the access that somebody has to it."""
    places = {**(source.port.get("server") or {}), **source.card}
    return {
        "id": key_as_cuid(record_key("asset", source.id)),
        "name": source.name,
        "type": source.technology,
        "sourceId": source.id,
        "status": status,
        "hostname": _text(places.get("host")),
        "database": _text(places.get("database")),
        "schema": _text(places.get("schema")),
        "table": _text(places.get("table")),
        "prefix": _text(places.get("prefix")),
    }


def column_out(found: SourceColumn) -> dict[str, Any]:
    """A column of a data source; masked where a policy is named."""
    column = found.column
    shown: dict[str, Any] = {
        "name": column["name"],
        "sourceId": found.source.id,
        "sourceName": found.source.name,
        "tags": list(column.get("tags") or ()),
        "globalPolicyInfo": _mask(column.get("mask")),
        "localPolicyInfo": _mask(column.get("local_mask")),
    }
    return {**shown, "type": column["type"]} if column.get("type") else shown


def is_masked(found: SourceColumn) -> bool:
    """Whether a policy masks the column."""
    return bool(found.column.get("mask") or found.column.get("local_mask"))


def _mask(kind: Any) -> dict[str, str] | None:
    return {"maskingType": str(kind)} if kind else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
