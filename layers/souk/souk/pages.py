"""Numbered pages of a list: at most so many records, and at most so many bytes, by the sizes that entries show.

A page's bounds follow from the entries before it, so page N costs a walk over N pages of entries (small), and the
records of one page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from souk.store.port import MAX_PAGE, Listed, Record
from souk.work import Work

UNKNOWN_SIZE = 4096
"""Bytes that an entry without a size stands for."""
ROUNDING = 17 / 16
"""Sizes are rounded up by less than this (`catalogue.size_class`)."""

_SCANNED_AT_ONCE = 200


class RecordPage(NamedTuple):
    """One page. `more`: there is a page after it."""

    records: list[Record]
    more: bool


def page_of(work: Work, list_name: str, number: int, max_bytes: int, max_records: int = MAX_PAGE) -> RecordPage:
    """The page with this number, from 0. A page after the last is empty."""
    for at, (keys, more) in enumerate(_pages(work, list_name, max_bytes, max_records)):
        if at == number:
            return RecordPage(_records(work, keys), more)
    return RecordPage([], more=False)


def whole(work: Work, list_name: str, max_bytes: int) -> list[Record] | None:
    """Every record of the list, or None when they are certainly larger than `max_bytes` together."""
    keys, size = [], 0
    for entry in _entries(work, list_name):
        keys.append(entry.key)
        size += _size(entry)
        if size > max_bytes * ROUNDING:
            return None
    return _records(work, keys)


def scan(work: Work, list_name: str) -> Iterator[Record]:
    """Every live record of a list, in its order, none of them kept: for filters over lists of any length."""
    keys: list[str] = []
    for entry in _entries(work, list_name):
        keys.append(entry.key)
        if len(keys) == _SCANNED_AT_ONCE:
            yield from _live(work, keys)
            keys = []
    yield from _live(work, keys)


def first_keys(work: Work, list_name: str, limit: int) -> list[str]:
    """Keys of the first records of a list, up to `limit`."""
    return [entry.key for entry in work.store.page(list_name, limit=limit).entries]


def _pages(work: Work, list_name: str, max_bytes: int, max_records: int) -> Iterator[tuple[list[str], bool]]:
    """Keys by pages, and whether an entry comes after the page."""
    page: list[str] = []
    filled = 0
    for entry in _entries(work, list_name):
        size = _size(entry)
        if page and (len(page) == max_records or filled + size > max_bytes):
            yield page, True
            page, filled = [], 0
        page.append(entry.key)
        filled += size
    if page:
        yield page, False


def _entries(work: Work, list_name: str) -> Iterator[Listed]:
    cursor: str | None = None
    while True:
        page = work.store.page(list_name, limit=MAX_PAGE, cursor=cursor)
        yield from page.entries
        cursor = page.cursor
        if cursor is None:
            return


def _size(entry: Listed) -> int:
    return int(entry.view) if entry.view.isdecimal() else UNKNOWN_SIZE


def _live(work: Work, keys: list[str]) -> Iterator[Record]:
    found = work.glance(keys) if keys else {}
    yield from (record for key in keys if (record := found.get(key)) is not None and not record.deleted)


def _records(work: Work, keys: list[str]) -> list[Record]:
    work.fetch(keys)
    return [record for key in keys if (record := work.at(key)) is not None]
