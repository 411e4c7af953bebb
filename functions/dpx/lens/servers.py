"""Servers that follow from where the parts of a version lie (contract section 6, autopopulate)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from souk.products.card import Port
from souk.releases.model import Version
from souk.releases.seeing import part_uuid

Wire = dict[str, Any]
_FIELDS = (
    *("account", "catalog", "database", "dataset", "host", "location", "path", "port", "project", "region"),
    *("schema", "type", "warehouse"),
)
"""What a port's server may say, under the same names."""


def servers_of(version: Version, assets: dict[str, Wire]) -> Iterator[Wire]:
    """A server for each part whose place is known. `assets`: cards by id."""
    for port in version.card["ports"]:
        asset = assets.get(port.get("asset", ""), {})
        place = _place(str(asset.get("location") or port.get("location") or ""), port)
        if place:
            known = {"id": part_uuid(version.product, port), "name": str(asset.get("name") or port["name"])}
            connection = {"connection_id": asset["connection"]} if asset.get("connection") else {}
            yield {"server": port["name"], "asset": known, **connection, **place}


def with_servers(terms: Wire, found: Iterable[Wire]) -> Wire:
    """The terms with these servers after their own; an asset that has a server already gets no second one."""
    own = terms.get("servers") or []
    taken = {(one.get("asset") or {}).get("id") for one in own}
    added = [one for one in found if one["asset"]["id"] not in taken]
    return {**terms, "servers": [*own, *added]} if own or added else terms


def _place(location: str, port: Port) -> Wire:
    sent = port.get("server") or {}
    place: Wire = {name: str(sent[name]) for name in _FIELDS if sent.get(name) is not None}
    if location.startswith("s3://"):
        place |= {"type": "s3", "location": location}
    elif location.startswith("glue://"):
        place |= {"type": "glue", "database": location.removeprefix("glue://").partition("/")[0]}
    elif location.startswith(("http://", "https://")):
        place |= {"type": "api", "location": location}
    elif location:
        place |= {"path": location}
    return place
