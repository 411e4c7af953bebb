"""Products by name, in pages that stop anywhere: each page goes on behind the last product that was shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from souk.products.products import NAMED
from souk.store import cursor
from souk.store.port import MAX_PAGE, Listed, Record
from souk.work import Work

_CHUNK = 200


class NamedPage(NamedTuple):
    """Records in order of their names, and the cursor to go on with, None on the last page."""

    records: list[Record]
    cursor: str | None


def products_by_name(
    work: Work,
    limit: int,
    *,
    after: str | None = None,
    descending: bool = False,
    wanted: Callable[[Listed], bool] = lambda _: True,
) -> NamedPage:
    """Up to `limit` products whose entry (key, name) is wanted. Raises Unreadable for a cursor of another list."""
    found: list[Listed] = []
    for entry in _entries(work, after, min(MAX_PAGE, max(_CHUNK, limit + 1)), descending):
        if wanted(entry):
            found.append(entry)
        if len(found) > limit:
            break
    shown, more = found[:limit], len(found) > limit
    work.fetch(entry.key for entry in shown)
    records = [record for entry in shown if (record := work.at(entry.key)) is not None]
    return NamedPage(records, cursor.encode(NAMED, shown[-1].sort, shown[-1].key) if more else None)


def _entries(work: Work, after: str | None, size: int, descending: bool) -> Iterator[Listed]:
    while True:
        page = work.store.page(NAMED, limit=size, cursor=after, reverse=descending)
        yield from page.entries
        after = page.cursor
        if after is None:
            return
