"""Queries on access: maps and counts from list entries alone, the access log, records with their product."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from souk import clock, jsontext
from souk.access import lifecycle, record
from souk.access.model import (
    DATA,
    ENDED,
    KIND,
    LIVE,
    live_bounds,
    log_list,
    product_list,
    subject_keys,
    subject_list,
    summary,
)
from souk.errors import NotFound
from souk.ids import record_key
from souk.products.card import Card as ProductCard
from souk.store.port import MAX_PAGE, Entry, Record
from souk.work import Work

VERIFIED_FOR = 24 * 3600
"""Seconds after which the access log forgets that a product was verified."""


class Known(NamedTuple):
    """An access, and the card of its product where the access itself does not tell its port."""

    record: Record
    product: ProductCard | None


class LogEntry(NamedTuple):
    """A line of an access log: `action` is grant, delete or verify; no author means the calendar; `end` of a grant."""

    at: str
    action: str
    kind: str
    subject: str
    author: str
    end: str | None


def find_with_product(work: Work, access_id: str) -> Known | None:
    """The data access with this exact id, or None."""
    found = work.find(KIND, access_id)
    return None if found is None or record.card_of(found)["type"] != DATA else with_product(work, found)


def get_with_product(work: Work, access_id: str) -> Known:
    """The data access with this exact id. Raises NotFound."""
    known = find_with_product(work, access_id)
    if known is None:
        raise NotFound(f"access {access_id!r} does not exist", kind=KIND, id=access_id)
    return known


def awaits_settling(known: Known, now: datetime) -> bool:
    """Whether the calendar has changed the access since its record was written."""
    due = lifecycle.next_due(record.card_of(known.record))
    return due is not None and due <= clock.text(now)


def with_product(work: Work, found: Record) -> Known:
    """The access, with its product's card where the access is to the product as a whole."""
    wanted = record.card_of(found)["object"]
    product = work.find("product", wanted["product"]) if "port" not in wanted else None
    return Known(found, product.body["card"] if product else None)


def by_product(work: Work, product: str, *, newest_first: bool = False) -> Iterator[Record]:
    """Every access to a product, by creation."""
    return work.records(product_list(product), reverse=newest_first)


def by_subject(work: Work, subject_key: str) -> Iterator[Record]:
    """Every access that names this subject (`kind:name`), by product, then creation."""
    return work.records(subject_list(subject_key))


def active_map(work: Work, product: str) -> dict[str, str | None]:
    """`map_of` one product. Costs a walk over the entries of its live accesses."""
    return map_of(live_views(work, product), work.now)


def map_of(views: Iterable[Mapping[str, Any]], now: datetime) -> dict[str, str | None]:
    """Subject key -> the latest end of its active accesses (None: no end), from views of the list of live ones."""
    ends: dict[str, str | None] = {}
    at = clock.text(now)
    for view in views:
        begin, end = view.get("b"), view.get("e")
        if begin and begin <= at and (end is None or at < end):
            former = ends.get(view["s"], "")
            ends[view["s"]] = None if end is None or former is None else max(former, end)
    return ends


def last_move(views: Iterable[Mapping[str, Any]], now: datetime) -> str:
    """The latest instant up to now at which one of these was granted, began or ended; empty if there is none."""
    at = clock.text(now)
    told = (then for view in views for then in (view.get("m"), view.get("b"), view.get("e")))
    return max((then for then in told if then and then <= at), default="")


def last_ends(work: Work, product: str | None = None) -> dict[str, str]:
    """By `model.short` of the product: when access to it last ended, by command or by the sweep."""
    low, high = live_bounds(product) if product is not None else ("", None)
    found: dict[str, str] = {}
    cursor: str | None = None
    while True:
        page = work.store.page(ENDED, limit=MAX_PAGE, cursor=cursor, low=low, high=high)
        for entry in page.entries:
            place = entry.sort.rpartition("/")[0]
            found[place] = max(found.get(place, ""), entry.view)
        cursor = page.cursor
        if cursor is None:
            return found


def live_views(work: Work, product: str | None = None) -> Iterator[dict[str, Any]]:
    """The views of live data accesses: product `p`, subject `s`, begin `b`, end `e`; `key` is the record's.

    Of one product, or of all, by product. The calendar may have ended some since they were written.
    """
    low, high = live_bounds(product) if product is not None else ("", None)
    cursor: str | None = None
    while True:
        page = work.store.page(LIVE, limit=MAX_PAGE, cursor=cursor, low=low, high=high)
        views = [{"key": entry.key, **jsontext.load(entry.view.encode())} for entry in page.entries]
        yield from (view for view in _complete(work, views) if product in {None, view["p"]})
        cursor = page.cursor
        if cursor is None:
            return


def counts(work: Work, product: str, access_type: str = DATA) -> dict[str, int]:
    """How many accesses of a type stand in each state (`lifecycle.state`)."""
    now = work.now
    return dict(Counter(state_of(view, now) for view in summaries(work, product) if view["y"] == access_type))


def access_log(work: Work, product: str, limit: int = MAX_PAGE) -> Iterator[LogEntry]:
    """The access log, newest first, read page by page."""
    now = int(work.now.timestamp())
    cursor: str | None = None
    while True:
        page = work.store.page(log_list(product), limit=limit, cursor=cursor, reverse=True)
        for entry in page.entries:
            line = jsontext.load(entry.view.encode())
            if line.get("until", now + 1) > now:
                yield LogEntry(
                    entry.sort, line["action"], line["kind"], line["subject"], line["author"], line.get("expires")
                )
        cursor = page.cursor
        if cursor is None:
            return


def note_verified(work: Work, products: Sequence[str]) -> None:
    """Stage for each product the line that says that what is granted was compared with what should be.

    Such lines come every few minutes: they are records, which are forgotten after a day.
    """
    now, until = clock.text(work.now), int(work.now.timestamp()) + VERIFIED_FOR
    line = {"action": "verify", "kind": "", "subject": "", "author": "", "until": until}
    view = jsontext.dump(line).decode()
    ids = {product: f"{record_key('product', product)}/{now}" for product in products}
    work.fetch(record_key("verification", exact_id) for exact_id in ids.values())
    for product, exact_id in ids.items():
        places = [Entry(log_list(product), now, view)]
        work.save("verification", exact_id, {}, lists=places, listed=False, expires=until)


def summaries(work: Work, product: str) -> Iterator[dict[str, Any]]:
    """The views of a product's accesses, completed where a subject is too long for one."""
    cursor: str | None = None
    while True:
        page = work.store.page(product_list(product), limit=MAX_PAGE, cursor=cursor)
        yield from _complete(work, [{"key": entry.key, **jsontext.load(entry.view.encode())} for entry in page.entries])
        cursor = page.cursor
        if cursor is None:
            return


def _complete(work: Work, views: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Subjects that are too long for a view come from the record; what is gone by then is left out."""
    work.fetch(view["key"] for view in views if "s" not in view)
    for view in views:
        long = work.at(view["key"]) if "s" not in view else None
        if long is not None:
            card = record.card_of(long)
            view |= jsontext.load(summary(card).encode()) | {"s": subject_keys(card["subject"])[0]}  # noqa: PLW2901
        if "s" in view:
            yield view


def state_of(view: dict[str, Any], now: datetime) -> str:
    """The state (`lifecycle.state`) that an entry's view tells."""
    at, begin, end = clock.text(now), view.get("b"), view.get("e")
    if view["t"] != "approved":
        return str(view["t"])
    if end is not None and end <= at:
        return "expired"
    return "active" if begin and begin <= at else "approved"
