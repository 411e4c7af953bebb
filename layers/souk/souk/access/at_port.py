"""One person's access at one port of a product: what there is of it, and the request for it."""

from __future__ import annotations

from collections.abc import Iterable

from souk.access import lifecycle, record
from souk.access.requests import Asked, ahead, create, history, past_and_next
from souk.errors import Conflict, NotFound
from souk.identity.principal import Principal
from souk.products.card import Port
from souk.store.port import Record
from souk.work import Work


def get_port(work: Work, product_id: str, port_id: str) -> Port:
    """The port. Raises NotFound, for the product too."""
    ports: list[Port] = work.get("product", product_id).body["card"]["ports"]
    found = next((port for port in ports if port["id"] == port_id), None)
    if found is None:
        raise NotFound(f"port {port_id!r} does not exist", kind="port", id=port_id)
    return found


def find_access(work: Work, asked: Asked) -> Record | None:
    """The main subject's access to this port that still counts, else the last that did."""
    return _standing(work, asked, history(work, asked))


def _standing(work: Work, asked: Asked, past: Iterable[Record]) -> Record | None:
    own = [found for found in past if record.card_of(found)["object"] == asked.object]
    live = [found for found in own if not lifecycle.is_over(record.card_of(found), work.now)]
    return next(reversed(live or own), None)


def request_at_port(work: Work, asked: Asked, by: Principal) -> Record:
    """A new request under a made id. Raises NotFound, Conflict (one is open or approved), Invalid, NotAllowed."""
    get_port(work, asked.object["product"], asked.object.get("port", ""))
    past, made = past_and_next(work, asked, ahead(work.get("product", asked.object["product"]), asked, by))
    standing = _standing(work, asked, past)
    if standing is not None and not lifecycle.is_over(record.card_of(standing), work.now):
        raise Conflict("there is a pending or approved request already", id=standing.id)
    return create(work, made, asked, by)
