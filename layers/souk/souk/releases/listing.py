"""Pages over several lists in a row, some of whose entries may not show: exact, and bounded in what one page reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from souk.store.port import MAX_PAGE, EntityStore, Listed

T = TypeVar("T")
Show = Callable[[Sequence[Listed]], Sequence[T | None]]
"""How a batch of entries shows: one item for each entry, None for one that does not show."""
MAX_BYTES = 4 * 1024 * 1024
"""Of the items of one page; a Lambda answer ends at 6 MB."""
MAX_EXAMINED = 2000
"""Entries that one page looks at. A page may come out short, with a place to go on from."""
_BATCH = 50


class Place(NamedTuple):
    """The last entry that a page looked at: number of its source, sort and key."""

    source: int
    sort: str
    key: str


@dataclass(frozen=True, slots=True)
class Source(Generic[T]):
    """One list, and how its entries show."""

    list: str
    show: Show[T]


def collect(
    store: EntityStore, sources: Sequence[Source[T]], after: Place | None, limit: int, weigh: Callable[[T], int]
) -> tuple[list[T], Place | None]:
    """Up to `limit` items after the place, and the place to go on from (None: there is no further item)."""
    items: list[T] = []
    weight = 0
    last = after
    shown = _items(store, sources, after, limit)
    for examined, (place, item) in enumerate(shown, start=1):
        if item is not None:
            weight += weigh(item)
            if len(items) == limit or (items and weight > MAX_BYTES):
                return items, last
            items.append(item)
        last = place
        if examined >= MAX_EXAMINED:
            return items, last
    return items, None


def _items(
    store: EntityStore, sources: Sequence[Source[T]], after: Place | None, limit: int
) -> Iterator[tuple[Place, T | None]]:
    first = after.source if after else 0
    for number, source in enumerate(sources[first:], start=first):
        start = after if after and after.source == number else None
        for batch in _batches(store, source.list, start, limit):
            for entry, item in zip(batch, source.show(batch), strict=True):
                yield Place(number, entry.sort, entry.key), item


def _batches(store: EntityStore, list_name: str, after: Place | None, limit: int) -> Iterator[list[Listed]]:
    cursor: str | None = None
    low = after.sort if after else ""
    # One more than is asked for tells whether there is more; the first may be the entry that was the last.
    size = min(limit + 2, MAX_PAGE)
    while True:
        page = store.page(list_name, limit=size, cursor=cursor, low=low)
        fresh = [entry for entry in page.entries if after is None or (entry.sort, entry.key) > after[1:]]
        for start in range(0, len(fresh), _BATCH):
            yield fresh[start : start + _BATCH]
        cursor = page.cursor
        if cursor is None:
            return
