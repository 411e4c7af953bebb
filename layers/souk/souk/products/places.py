"""Places that ports name: whoever writes a product may name any, and may have delivered only what is theirs to give.

A port that names a place which its writer may not give is kept as it was sent, and marked: deliveries take nothing
from it. Keys and governance may give everything; others what an asset says that they may write; pages are nobody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from souk.identity.permissions import may_write
from souk.identity.principal import GOVERNANCE, Principal
from souk.ids import record_key
from souk.products.card import Port
from souk.work import Work

_PAGE = ("http://", "https://")


def is_place(location: object) -> bool:
    """Whether this says where data lies that a delivery would open; a page is open or closed by itself."""
    text = str(location or "")
    return bool(text) and not text.startswith(_PAGE)


def is_kept(asset: Mapping[str, Any]) -> bool:
    """Whether the asset says where data lies that a delivery would open."""
    return bool(asset.get("connection")) or is_place(asset.get("location"))


def marked(work: Work, ports: list[Port], before: list[Port], by: Principal) -> list[Port]:
    """The ports, with a mark on those that name a place which the caller may not give.

    A place that the product had, and nobody had to doubt, is not asked about again, on whichever port it stands.
    """
    if by.kind == "key" or GOVERNANCE in by.permissions:
        return [_marked(port, doubted=False) for port in ports]
    given = [_named(port) for port in before if not port.get("doubted")]
    work.fetch(record_key("asset", port["asset"]) for port in ports if port.get("asset"))
    return [_marked(port, doubted=_named(port) not in given and not _may_give(work, port, by)) for port in ports]


def _marked(port: Port, *, doubted: bool) -> Port:
    plain = {name: value for name, value in port.items() if name != "doubted"}
    return cast(Port, plain | ({"doubted": True} if doubted else {}))


def _named(port: Port) -> tuple[Any, ...]:
    """All that a delivery follows to the data."""
    server = port.get("server") or {}
    names = ("location", "database", "table")
    return (port.get("asset"), port.get("location"), *(server.get(name) for name in names))


def _may_give(work: Work, port: Port, by: Principal) -> bool:
    _, location, *server = _named(port)
    if is_place(location) or is_place(server[0]) or all(server[1:]):
        return False
    record = work.find("asset", port["asset"]) if port.get("asset") else None
    card = record.body["card"] if record else {}
    return not is_kept(card) or may_write(by, work, owner=card.get("owner"), domain=card.get("domain"))
