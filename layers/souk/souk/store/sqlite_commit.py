"""What is written to SQLite within one transaction: a commit, or a log batch."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Collection, Sequence

from souk.store import codec
from souk.store.plan import plan
from souk.store.port import Commit, LogBatch, PositionTaken, Record, Stale, StillReferenced

_REMEMBERED = 100_000
"""Commit ids that are kept, so that a repeated delivery is harmless: well over 10 minutes' worth."""
_PRUNE_EVERY = 1000
_GRACE = 3600
"""Seconds that an expired record is still kept."""

_INSERT = "INSERT INTO records (key, revision, body, expires) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_UPDATE = "UPDATE records SET revision = ?2, body = ?3, expires = ?4 WHERE key = ?1 AND revision = ?5"
_COUNT = "INSERT INTO counters (key, n) VALUES (?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n"
_PLACE = "INSERT OR REPLACE INTO entries (list, sort, key, view) VALUES (?, ?, ?, ?)"
_REMOVE = "DELETE FROM entries WHERE list = ? AND sort = ? AND key = ?"


class CommitJob:
    """Carries out one commit. Made outside the writer's lock, so that threads encode and compress side by side."""

    def __init__(self, commit: Commit) -> None:
        self._commit = commit
        self._plan = plan(commit)
        self._bodies = [codec.encode_record(record) for record, _ in self._plan.records]
        self._events = codec.encode_events(commit.events) if commit.events else None
        self._notices = codec.encode_events(commit.notices) if commit.notices else None

    def __call__(self, db: sqlite3.Connection) -> None:
        """Write everything, or raise Stale or StillReferenced with nothing written."""
        place = self._first_delivery(db)
        if place is None:
            return
        self._check(db)
        self._put_records(db)
        self._count_references(db)
        self._put_entries(db)
        if self._events is not None:
            db.execute("INSERT INTO outbox (body) VALUES (?)", (self._events,))
        if self._notices is not None:
            db.execute("INSERT INTO notices (body) VALUES (?)", (self._notices,))
        if place % _PRUNE_EVERY == 0:
            prune(db, place)

    def _first_delivery(self, db: sqlite3.Connection) -> int | None:
        made = db.execute("INSERT INTO commits (id) VALUES (?) ON CONFLICT DO NOTHING", (self._commit.id,))
        return made.lastrowid if made.rowcount else None

    def _check(self, db: sqlite3.Connection) -> None:
        for key, revision in self._plan.checks.items():
            row = db.execute("SELECT revision FROM records WHERE key = ?", (key,)).fetchone()
            if (row[0] if row else 0) != revision:
                raise Stale(key)

    def _put_records(self, db: sqlite3.Connection) -> None:
        for (record, previous), body in zip(self._plan.records, self._bodies, strict=True):
            values = (record.key, record.revision, body, record.expires)
            done = db.execute(_UPDATE, (*values, previous)) if previous else db.execute(_INSERT, values)
            if not done.rowcount:
                raise Stale(record.key)

    def _count_references(self, db: sqlite3.Connection) -> None:
        for key, change in self._plan.counters.items():
            db.execute(_COUNT, (key, change))
            if change < 0:
                db.execute("DELETE FROM counters WHERE key = ? AND n = 0", (key,))
        for key in sorted(self._plan.free):
            row = db.execute("SELECT n FROM counters WHERE key = ?", (key,)).fetchone()
            if row and row[0]:
                raise StillReferenced(key)

    def _put_entries(self, db: sqlite3.Connection) -> None:
        if self._plan.removed:
            db.executemany(_REMOVE, list(self._plan.removed))
        if self._plan.placed:
            db.executemany(_PLACE, [(*place, view) for place, (view, _) in self._plan.placed.items()])


class AppendJob:
    """Writes one log batch and removes what it sequenced, or raises PositionTaken with nothing written."""

    def __init__(self, batch: LogBatch, sequenced: Sequence[str], later: Collection[str] | None) -> None:
        self._number, self._body = batch.number, codec.encode_batch(batch.events)
        self._sequenced, self._later = sequenced, later

    def __call__(self, db: sqlite3.Connection) -> None:
        """See the class."""
        insert = "INSERT INTO log (number, body) VALUES (?, ?) ON CONFLICT DO NOTHING"
        free = db.execute(insert, (self._number, self._body)).rowcount
        gone = [i for i in self._sequenced if not db.execute("DELETE FROM outbox WHERE place = ?", (i,)).rowcount]
        overlooked = self._later is not None and self._overlooked(db, _places(self._later))
        if gone or overlooked or not free:
            raise PositionTaken(gone, overlooked=overlooked)

    def _overlooked(self, db: sqlite3.Connection, later: Collection[int]) -> bool:
        newest = max(_places(self._sequenced), default=0)
        found = db.execute("SELECT place FROM outbox WHERE place < ? LIMIT ?", (newest, len(later) + 1))
        return any(place not in later for (place,) in found)


def _places(ids: Collection[str]) -> set[int]:
    """Places of outbox items; ids that this store did not give out have none."""
    return {int(i) for i in ids if i.isdecimal()}


def prune(db: sqlite3.Connection, newest: int) -> None:
    """Forget old commit ids, and records that have expired, with their entries."""
    db.execute("DELETE FROM commits WHERE place <= ?", (newest - _REMEMBERED,))
    before = int(time.time()) - _GRACE
    rows = db.execute("SELECT key, revision, body FROM records WHERE expires < ? LIMIT 1000", (before,)).fetchall()
    for row in rows:
        record: Record = codec.decode_record(*row)
        db.executemany(_REMOVE, [(e.list, e.sort, record.key) for e in record.entries])
        db.execute("DELETE FROM records WHERE key = ?", (record.key,))
