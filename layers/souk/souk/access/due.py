"""What the calendar brings: records in the list `due` are settled one by one, each in a commit of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from souk import clock
from souk.access import lifecycle, record
from souk.access.model import KIND
from souk.store.port import MAX_PAGE, EntityStore, Record
from souk.work import Work, run

LIST = "due"
Settler = Callable[[Work, Record], None]
Report = Callable[[str, Exception], None]
"""Told of a record (its key) that could not be settled, and why."""
_settlers: dict[str, Settler] = {}


class Swept(NamedTuple):
    """How a sweep ended. `left`: it stopped at its bounds, more may be due."""

    settled: int
    failed: int
    left: bool


def settles(kind: str, settler: Settler) -> None:
    """From now on due records of this kind are settled by this command, which moves or drops their entry in `due`."""
    _settlers[kind] = settler


def settle_access(work: Work, found: Record) -> None:
    """Apply the calendar to one access. One that was settled meanwhile is left alone."""
    due = lifecycle.next_due(record.card_of(found))
    if due is not None and due <= clock.text(work.now):
        record.store(work, record.case_of(work, found))


def settle_due(store: EntityStore, report: Report, *, limit: int = 10_000, seconds: float = 40.0) -> Swept:
    """Settle what is due now, oldest first, at most `limit` records and for about this many seconds.

    A record that cannot be settled is reported, passed over, and tried again by the next sweep.
    """
    ending = time.monotonic() + seconds
    settled = failed = 0
    for key in _due_keys(store):
        if settled + failed >= limit or time.monotonic() > ending:
            return Swept(settled, failed, left=True)
        try:
            run(store, partial(_settle, key))
            settled += 1
        except Exception as error:  # noqa: BLE001 - one bad record must not hold up the rest
            report(key, error)
            failed += 1
    return Swept(settled, failed, left=False)


def overdue(store: EntityStore) -> float:
    """Seconds for which the oldest record that is due has been so; 0 when none is."""
    now = clock.now()
    page = store.page(LIST, limit=1, high=clock.text(now))
    return max(0.0, (now - clock.parse(page.entries[0].sort)).total_seconds()) if page.entries else 0.0


def _due_keys(store: EntityStore) -> Iterator[str]:
    """Keys of due records. The bound is fixed at the beginning, so that a sweep ends."""
    high = clock.text(clock.now() + timedelta(microseconds=1))
    cursor: str | None = None
    while True:
        page = store.page(LIST, limit=MAX_PAGE, cursor=cursor, high=high)
        yield from (entry.key for entry in page.entries)
        cursor = page.cursor
        if cursor is None:
            return


def _settle(key: str, work: Work) -> None:
    found = work.at(key)
    if found is not None:
        _settlers[found.kind](work, found)


settles(KIND, settle_access)
