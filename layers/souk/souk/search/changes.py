"""What changed since a position: products of the event log, and products whose releases or drafts changed.

Drafts are not in the event log, so each commit that keeps a version leaves a line in the list `search/changes`. A line
names a product, and so does an event of a product; applying it reads the product as it is now, so that order and
repetition do not matter. A commit takes up to half a minute: lines are read again from a while before the position.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from souk import clock
from souk.releases.keeping import CHANGES
from souk.store.port import MAX_PAGE, LogBatch, Store

OVERLAP = timedelta(minutes=2)
"""A commit may stand in the list this long after the instant that it is ordered by."""
_BATCHES = 500
_PRODUCT = "product"


class Position(NamedTuple):
    """How far an index has come: the number of the last log batch, and the instant of the last line."""

    batch: int = 0
    instant: str = ""


class Changed(NamedTuple):
    """Exact ids of products that changed, and the position after them."""

    products: list[str]
    position: Position


def changed_since(store: Store, position: Position, seen: set[str]) -> Changed:
    """Products that changed after the position. `seen` holds keys of lines that were applied; it is kept small."""
    from_log, batch = _from_log(store, position.batch)
    from_lines, instant = _from_lines(store, position.instant, seen)
    products = list(dict.fromkeys([*from_log, *from_lines]))
    return Changed(products, Position(batch, instant))


def present(store: Store) -> Position:
    """The position of everything that is committed by now."""
    last = store.last_batch()
    return Position(last.number if last else 0, clock.text(clock.now()))


def _from_log(store: Store, after: int) -> tuple[list[str], int]:
    products: list[str] = []
    while batches := store.read_log(after, _BATCHES):
        products += _products_of(batches)
        after = batches[-1].number
    return products, after


def _products_of(batches: Iterable[LogBatch]) -> list[str]:
    return [event["subject"] for batch in batches for event in batch.events if event["kind"] == _PRODUCT]


def _from_lines(store: Store, instant: str, seen: set[str]) -> tuple[list[str], str]:
    low = clock.text(clock.parse(instant) - OVERLAP) if instant else ""
    products, held, newest = [], set(), instant
    cursor: str | None = None
    while True:
        page = store.page(CHANGES, limit=MAX_PAGE, cursor=cursor, low=low)
        for entry in page.entries:
            held.add(entry.key)
            newest = max(newest, entry.sort)
            if entry.key not in seen:
                products.append(entry.view)
        cursor = page.cursor
        if cursor is None:
            break
    seen.clear()
    seen |= held
    return products, newest
