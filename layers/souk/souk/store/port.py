"""The store port: what the core asks of a database, and what it gets.

Three things are kept: records (with their places in lists and their references), an outbox, and the event log.
A write is one `Commit`: all of it or nothing. Two adapters pass one behaviour suite: `sqlite` and `dynamodb`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

MAX_CHANGES = 100
"""Items that one commit may touch, as the store counts them (`Commit.size`). The bound of a DynamoDB transaction."""
MAX_PAGE = 1000
"""Entries that one page of a list may ask for."""


class Entry(NamedTuple):
    """A record's place in a list. Lists are ordered by `sort` (by bytes), then by record key.

    `view` is a small text (1 KB is normal, 16 KB the limit) that a reader of the list needs without the record.
    """

    list: str
    sort: str
    view: str = ""


class Listed(NamedTuple):
    """One entry as a page shows it. `key` is the record's, or the line's own."""

    key: str
    sort: str
    view: str


class Page(NamedTuple):
    """A page of a list. `cursor` is None on the last page, else short URL-safe text to go on with."""

    entries: list[Listed]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """One stored entity. `created` and `updated` are instants as `clock.text` writes them.

    `references` are keys (of records present or yet to come) that must not be deleted while this record stands.
    A deleted record stays as a tombstone: it keeps `revision`, and has no body, entries or references.
    `expires` (unix seconds) lets the database forget the record and its entries some time after; readers check it
    themselves. Such a record may hold no references, since nobody would give them back.
    """

    kind: str
    id: str
    key: str
    revision: int
    created: str
    updated: str
    body: dict[str, Any]
    entries: tuple[Entry, ...] = ()
    references: tuple[str, ...] = ()
    deleted: bool = False
    expires: int | None = None


class Put(NamedTuple):
    """Store `record` where `previous` (as it was read; None if nothing was there) still stands unchanged."""

    record: Record
    previous: Record | None


class Check(NamedTuple):
    """The record with this key still has this revision (0: there is none, not even a tombstone)."""

    key: str
    revision: int


class Line(NamedTuple):
    """A line of a list, such as an access log, without a record. `key` makes lines of the same instant distinct.
    One that stands at the same place already is overwritten.
    """

    list: str
    sort: str
    key: str
    view: str


@dataclass(slots=True)
class Commit:
    """One atomic write. `id` (a UUID) makes a repeated delivery of the same commit harmless, for 10 minutes.

    `unreferenced`: keys that nothing may reference once this commit stands. `events` become one outbox item, in
    order; `notices` go to the bus without a place in the log. `began` is set by the store when it first sees the
    commit.
    """

    id: str
    puts: list[Put] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    unreferenced: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    began: str = ""

    def size(self) -> int:
        """How many items the commit touches, against MAX_CHANGES."""
        count = len(self.puts) + len(self.checks) + len(self.unreferenced) + len(self.lines)
        for record, previous in self.puts:
            old_entries = previous.entries if previous else ()
            old_references = previous.references if previous else ()
            # An entry whose view alone changed is one write; a moved one is two.
            count += len({e[:2] for e in set(old_entries) ^ set(record.entries)})
            count += len(set(old_references) ^ set(record.references))
        return count + bool(self.events) + bool(self.notices)


class OutboxItem(NamedTuple):
    """The events of one commit, waiting for their place in the log. `id` names the item in the outbox.

    With `notice`, they are notices, which wait for the bus alone.
    """

    id: str
    events: list[dict[str, Any]]
    notice: bool = False


class LogBatch(NamedTuple):
    """One log item: events at consecutive places. Batches are numbered 1, 2, 3 ... without holes."""

    number: int
    events: list[dict[str, Any]]


class Stale(Exception):
    """A revision condition did not hold, or another transaction was in the way: read again and repeat."""


class StillReferenced(Exception):
    """A key in `Commit.unreferenced` is referenced. `args[0]` is the key."""


class PositionTaken(Exception):
    """Another sequencer has already written this log number, or sequenced one of these outbox items.

    `gone` are the ids of those that were found to be no longer in the outbox. `overlooked`: items that were committed
    before, and that the sequencer does not know of, wait as well.
    """

    def __init__(self, gone: Sequence[str] = (), *, overlooked: bool = False) -> None:
        super().__init__(f"the log number is taken, or not these are next; no longer waiting: {list(gone)}")
        self.gone = frozenset(gone)
        self.overlooked = overlooked


class EntityStore(Protocol):
    """Records and lists. Reads are consistent: they show every commit that was acknowledged before they began.

    Every method raises `errors.Busy` (throttled, too much contention) or `errors.Failed` (no answer) when the
    database does; both mean that the same call may be made again.
    """

    def get_many(self, keys: Iterable[str]) -> dict[str, Record]:
        """The records (tombstones too) at these keys, in one round trip for up to 100. Absent keys are left out."""
        ...

    def page(
        self,
        list_name: str,
        *,
        limit: int,
        cursor: str | None = None,
        low: str = "",
        high: str | None = None,
        reverse: bool = False,
    ) -> Page:
        """Entries with low <= sort < high (None: no bound), strictly in order, exactly `limit` unless the list ends.

        `limit` is 1 to MAX_PAGE. Raises errors.Unreadable for a cursor that this list did not give out, or that lies
        outside the bounds.
        """
        ...

    def count(self, list_name: str, *, low: str = "", high: str | None = None) -> int:
        """How many entries `page` would give in all."""
        ...

    def commit(self, commit: Commit) -> None:
        """Write all or nothing. Raises Stale, StillReferenced, and what `limits.check` raises.

        Where both Stale and StillReferenced apply it is Stale.
        """
        ...


class EventStore(Protocol):
    """The outbox and the event log."""

    def pending(self, limit: int) -> list[OutboxItem]:
        """Oldest outbox items first, as they were committed.

        After a crash within `append` there may be some that have their place; `append` knows them.
        """
        ...

    def append(self, batch: LogBatch, sequenced: Sequence[str], later: Collection[str] | None = None) -> None:
        """Write log item `batch.number` if absent and remove the outbox items, as one. Raises PositionTaken.

        `later`: ids of what comes behind these. If given, nothing else may wait that was committed before one of
        them, as far as the outbox orders it. On errors.Busy and errors.Failed it may have been written; the items are
        then found to be gone. At most 90 outbox items at a time.
        """
        ...

    def read_log(self, after: int, limit: int) -> list[LogBatch]:
        """Up to `limit` batches with number > after, in order, consistent."""
        ...

    def last_batch(self) -> LogBatch | None:
        """The newest batch, consistent, or None when the log is empty."""
        ...

    def pending_notices(self, limit: int) -> list[OutboxItem]:
        """Notices not yet relayed, oldest first."""
        ...

    def forget_notices(self, ids: Sequence[str]) -> None:
        """Remove relayed notices. Unknown ids are ignored."""
        ...


class Store(EntityStore, EventStore, Protocol):
    """The whole port, as an adapter implements it."""

    def collect_orphans(self, older_than_seconds: int = 3600) -> int:
        """Delete what large bodies left behind that nothing points at and that is older. Returns how many."""
        ...
