"""Products together with who has access to them now, and what of that a caller may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from souk.access import authority, queries
from souk.access.endings import end_all_of_product
from souk.access.model import short
from souk.access.queries import LogEntry
from souk.errors import NotAllowed, NotFound
from souk.identity.principal import Principal
from souk.ids import keys_of_url_id
from souk.products.card import KIND, Card
from souk.products.products import delete_product
from souk.store.port import Record
from souk.work import Work

RETIRED = "retired"


class Shared(NamedTuple):
    """A product, and its access map: subject keys and ends (None: for ever). No map where the caller may not see it."""

    record: Record
    access: dict[str, str | None] | None
    changed: str
    """When the product, or access to it, last changed."""


def find_product(work: Work, shown_id: str) -> Record:
    """The product that a door shows under this id. Raises NotFound (also for one of another kind)."""
    keys = keys_of_url_id(KIND, shown_id)
    work.fetch(keys)
    found = next((record for key in keys if (record := work.at(key)) and record.kind == KIND), None)
    if found is None:
        raise NotFound(f"product {shown_id!r} does not exist", kind=KIND, id=shown_id)
    return found


def with_access(work: Work, product: Record, by: Principal) -> Shared:
    """The product with its access map; without, for anonymous readers of a product that is not self-service."""
    return _shared(work, product, list(queries.live_views(work, product.id)), queries.last_ends(work, product.id), by)


def all_with_access(work: Work, by: Principal, origin: str | None = None) -> Iterator[Shared]:
    """Every product that is not retired, by creation; with `origin`, only those made through that door.

    One walk over the list of live accesses serves all access maps, one over the last ends all instants of change.
    """
    ended = queries.last_ends(work)
    live: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for view in queries.live_views(work):
        live[view["p"]].append(view)
    for product in work.records(KIND):
        card: Card = product.body["card"]
        if card.get("status") != RETIRED and origin in {None, card["origin"]}:
            yield _shared(work, product, live[product.id], ended, by)


def log_of(work: Work, shown_id: str, by: Principal) -> Iterator[LogEntry]:
    """The access log, newest first, also of a product that is gone. Nothing where an anonymous reader may not look."""
    try:
        product = find_product(work, shown_id)
    except NotFound:
        open_log = by.kind != "anonymous" or _was_open(work, shown_id)
        return queries.access_log(work, shown_id) if open_log else iter(())
    return queries.access_log(work, product.id) if _may_see(product.body["card"], by) else iter(())


def require_owner(work: Work, product: Record, by: Principal) -> None:
    """Raises NotAllowed unless the caller is a key, governance, a manager of the domain, or in the owner team."""
    who = authority.Actor(work, by, product.body["card"])
    if not (who.is_key or who.leads):
        raise NotAllowed("unauthorized")


def remove_product(work: Work, product: Record) -> None:
    """Delete a product and end every access to it first. Stale if one comes in meanwhile: then it ends, too."""
    end_all_of_product(work.store, product.id, work.principal)
    if product.body["card"].get("self_service"):
        work.line(_open_list(product.id), "")
    delete_product(work, product.id, guarded=True)
    work.insist(product)


def _may_see(card: Card, by: Principal) -> bool:
    return by.kind != "anonymous" or bool(card.get("self_service"))


def _shared(work: Work, product: Record, live: list[dict[str, Any]], ended: dict[str, str], by: Principal) -> Shared:
    """`changed` counts every grant and end of access, also one by the calendar that nobody has settled yet."""
    changed = max(product.updated, ended.get(short(product.id), ""), queries.last_move(live, work.now))
    return Shared(product, queries.map_of(live, work.now) if _may_see(product.body["card"], by) else None, changed)


def _open_list(product: str) -> str:
    """Marks products whose log anybody may read also after their deletion."""
    return f"access-log-open/{product}"


def _was_open(work: Work, product: str) -> bool:
    return bool(work.store.page(_open_list(product), limit=1).entries)
