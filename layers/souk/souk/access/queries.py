"""Queries on access: maps and counts from list entries alone, the access log, records with their product."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from souk import clock, jsontext
from souk.access import lifecycle, record
from souk.access.model import (
    DATA,
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
from souk.products.card import Card as ProductCard
from souk.store.port import MAX_PAGE, Record
from souk.work import Work


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
    """The latest instant up to now at which one of these accesses began or ended; empty if there is none."""
    at = clock.text(now)
    return max((then for view in views for then in (view.get("b"), view.get("e")) if then and then <= at), default="")


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
    cursor: str | None = None
    while True:
        page = work.store.page(log_list(product), limit=limit, cursor=cursor, reverse=True)
        for entry in page.entries:
            line = jsontext.load(entry.view.encode())
            yield LogEntry(
                entry.sort, line["action"], line["kind"], line["subject"], line["author"], line.get("expires")
            )
        cursor = page.cursor
        if cursor is None:
            return


def note_verified(work: Work, product: str) -> None:
    """Stage the line that says that a product's grants were compared with what should be."""
    line = {"action": "verify", "kind": "", "subject": "", "author": ""}
    work.line(log_list(product), jsontext.dump(line).decode())


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
