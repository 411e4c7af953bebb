"""Assets (contract section 3.7)."""

from __future__ import annotations

from typing import Any

from nndm.lens.fields import Field, FieldLens, Fields, filled, laid, read, simple, texts, unseen
from souk.catalogue import Card, Document

_COLUMN: Fields = (*simple("name", "type", "description"), Field("tags", ("tags",), texts))


def _read_columns(value: Any) -> Any:
    if not isinstance(value, list):
        return None
    return [read(_COLUMN, item) for item in value if isinstance(item, dict)] or None


def _write_columns(wanted: list[Card], standing: Any) -> list[Document]:
    sent = [item for item in standing if isinstance(item, dict)] if isinstance(standing, list) else []
    by_name = {item.get("name"): item for item in sent}
    return [laid(_COLUMN, by_name.get(column.get("name"), {}), column) for column in wanted]


class AssetLens(FieldLens):
    """A column keeps what this door does not see of it, such as its mask, by its name."""

    def card(self, document: Document, before: Card | None = None) -> Card:
        """The card after a write of the document."""
        card = FieldLens.card(self, document, before)
        former = {column.get("name"): column for column in (before or {}).get("columns", ())}
        for column in card.get("columns", ()):
            column.update(unseen(_COLUMN, former.get(column.get("name"), {})))
        return card


ASSET = AssetLens(
    (
        *(Field(name, ("info", name)) for name in ("name", "type", "source", "description", "status")),
        Field("owner", ("info", "owner"), filled),
        Field("columns", ("columns",), _read_columns, _write_columns),
        Field("tags", ("tags",), texts),
    )
)
