"""The unit of work: one request's reads, and its one commit.

A command reads through it, stages records, events and lines, and leaves the commit to whoever runs it. On
`Stale` the runner throws the work away and runs the command again with fresh reads, so commands hold no locks.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

from souk import clock
from souk.errors import Busy, NotFound, PreconditionFailed, Referenced
from souk.ids import record_key
from souk.store.port import (
    MAX_PAGE,
    Check,
    Commit,
    EntityStore,
    Entry,
    Line,
    Put,
    Record,
    Stale,
    StillReferenced,
)

T = TypeVar("T")
MAX_ATTEMPTS = 40


class Work:
    """Reads are cached and consistent; writes are staged until `commit`. Serves one thread."""

    def __init__(self, store: EntityStore, now: datetime | None = None, principal: str = "") -> None:
        self.store = store
        self.now = now or clock.now()
        self.principal = principal
        self._read: dict[str, Record | None] = {}
        self._along: list[str] = []
        self._begun: Commit | None = None
        self._staged: dict[str, Put] = {}
        self._guards: dict[str, tuple[str, str]] = {}
        self._insisted: set[str] = set()
        self._required_revisions: dict[str, int] = {}

    # -- reading ------------------------------------------------------------------------------------------------

    def fetch(self, keys: Iterable[str]) -> None:
        """Read the records at these keys in one round trip, unless they were read before."""
        missing = list(dict.fromkeys(key for key in keys if key not in self._read))
        if missing:
            found = self.glance(missing)
            self._read.update({key: found.get(key) for key in missing})

    def glance(self, keys: Iterable[str]) -> dict[str, Record]:
        """The records (tombstones too) at these keys, read in one round trip and not kept."""
        wanted = list(dict.fromkeys([*keys, *self._along]))
        found = self.store.get_many(wanted)
        self._read.update({key: found.get(key) for key in self._along})
        self._along = []
        return found

    def along(self, keys: Iterable[str]) -> None:
        """Read these records too when something is read next, in the same round trip."""
        self._along += [key for key in keys if key not in self._read]

    def at(self, key: str) -> Record | None:
        """The live record at this key, as this work has staged it or as it stands in the store."""
        if key in self._staged:
            record: Record | None = self._staged[key].record
        else:
            self.fetch((key,))
            record = self._read[key]
        return record if record and not record.deleted and not self._expired(record) else None

    def new_id(self, kind: str, made: str = "") -> str:
        """An id of the server's making, by default a UUID, for a record that is saved next.

        `made` must be as random. Nothing stands at it, which the commit checks, so it is not read before.
        """
        made = made or str(uuid4())
        self._read.setdefault(record_key(kind, made), None)
        return made

    def find(self, kind: str, exact_id: str) -> Record | None:
        """The live record of this kind with exactly this id, or None."""
        return self.at(record_key(kind, exact_id))

    def get(self, kind: str, exact_id: str) -> Record:
        """Like `find`. Raises NotFound."""
        record = self.find(kind, exact_id)
        if record is None:
            raise NotFound(f"{kind} {exact_id!r} does not exist", kind=kind, id=exact_id)
        return record

    def records(
        self, list_name: str, *, low: str = "", high: str | None = None, reverse: bool = False
    ) -> Iterator[Record]:
        """Every live record of a list in its order, read page by page as the caller goes on."""
        cursor: str | None = None
        while True:
            page = self.store.page(list_name, limit=MAX_PAGE, cursor=cursor, low=low, high=high, reverse=reverse)
            self.fetch(entry.key for entry in page.entries)
            for entry in page.entries:
                record = self.at(entry.key)
                if record is not None:
                    yield record
            cursor = page.cursor
            if cursor is None:
                return

    def revision(self, key: str) -> int | None:
        """The revision that the live record at this key has, or will have after the commit."""
        record = self.at(key)
        return record.revision if record else None

    def _expired(self, record: Record) -> bool:
        return record.expires is not None and record.expires <= self.now.timestamp()

    # -- writing ------------------------------------------------------------------------------------------------

    def save(
        self,
        kind: str,
        exact_id: str,
        body: dict[str, Any],
        *,
        lists: Iterable[str | Entry] = (),
        references: Iterable[tuple[str, str]] = (),
        listed: bool = True,
        expires: int | None = None,
    ) -> Record:
        """Stage the record, new or changed. If `listed`, it is in the list named as its kind, by creation.

        `lists` names further lists: a bare name orders by creation. `references` are (kind, id) of records that
        must not be deleted while this one stands.
        """
        key = record_key(kind, exact_id)
        live, previous = self.at(key), self._previous(key)
        moment = clock.text(self.now)
        created = live.created if live else moment
        places = [Entry(e, created) if isinstance(e, str) else e for e in lists]
        if listed:
            places.append(Entry(kind, created))
        record = Record(
            kind=kind,
            id=exact_id,
            key=key,
            revision=previous.revision + 1 if previous else 1,
            created=created,
            updated=moment,
            body=body,
            entries=tuple(sorted(set(places))),
            references=tuple(sorted({record_key(*target) for target in references})),
            expires=expires,
        )
        self._stage(record, previous)
        return record

    def rewrite(self, record: Record, standing: Record) -> None:
        """Stage a record in a newer form of the same: at its next revision, as old as it was, told to nobody."""
        self._stage(replace(record, revision=standing.revision + 1), standing)

    def remove(self, record: Record, *, guarded: bool = False) -> None:
        """Stage the deletion. Guarded: the commit fails with Referenced while anything references the record."""
        previous = self._previous(record.key)
        tombstone = Record(
            kind=record.kind,
            id=record.id,
            key=record.key,
            revision=(previous.revision if previous else 0) + 1,
            created=record.created,
            updated=clock.text(self.now),
            body={},
            deleted=True,
        )
        self._stage(tombstone, previous)
        if guarded:
            self._guards[record.key] = (record.kind, record.id)

    def insist(self, record: Record) -> None:
        """Whatever references this record was let go before. If anything does now, it came in meanwhile.

        The guarded removal is then Stale, so that the command runs again, instead of Referenced.
        """
        self._insisted.add(record.key)

    def unchanged(self, record: Record) -> None:
        """The commit holds only if this record is still as it was read."""
        if record.key not in self._staged:
            self._commit.checks.append(Check(record.key, record.revision))

    def require_revision(self, key: str, revision: int) -> None:
        """The next commit raises PreconditionFailed unless the record has this revision, whatever else it changes."""
        self._required_revisions[key] = revision

    def event(self, kind: str, verb: str, subject: str, *, due: datetime | None = None, **data: Any) -> None:
        """Stage an event for the log: `verb` in the past tense. `due` is the business time, if it is not now."""
        event = {"kind": kind, "verb": verb, "subject": subject, "time": clock.text(self.now), "data": data}
        if due is not None:
            event["due"] = clock.text(due)
        if self.principal:
            event["principal"] = self.principal
        self._commit.events.append(event)

    def notice(self, name: str, **data: Any) -> None:
        """Stage a notice for the bus, which has no place in the log (audit lines, warnings, drafts)."""
        self._commit.notices.append({"name": name, "time": clock.text(self.now), "data": data})

    def line(self, list_name: str, view: str) -> None:
        """Stage an append-only line (an access log entry), ordered by this work's instant."""
        number = len(self._commit.lines)
        key = f"{self._commit.id}-{number:02d}"
        self._commit.lines.append(Line(list_name, clock.text(self.now), key, view))

    def mark(self, list_name: str, place: str, view: str) -> None:
        """Stage an entry that stands alone at its place of a list. One that is there is overwritten unread."""
        self._commit.lines.append(Line(list_name, place, "", view))

    def commit(self) -> None:
        """Write everything staged, as one. Raises Stale (run the command again), Referenced and PreconditionFailed."""
        self._hold_revisions()
        begun = self._begun
        if not self._staged and not (begun and (begun.lines or begun.events or begun.notices)):
            return
        self._commit.puts = list(self._staged.values())
        # A record that was checked first and staged later is guarded by its own revision condition.
        self._commit.checks = [c for c in dict.fromkeys(self._commit.checks) if c.key not in self._staged]
        self._commit.unreferenced = list(self._guards)
        try:
            self.store.commit(self._commit)
        except StillReferenced as error:
            if error.args[0] in self._insisted:
                raise Stale from None
            kind, exact_id = self._guards[error.args[0]]
            raise Referenced(f"{kind} {exact_id!r} is still in use", kind=kind, id=exact_id) from None
        self._begin_anew()

    def _hold_revisions(self) -> None:
        """What is required of a record holds too where the commit changes others. Afterwards it is held."""
        for key, revision in self._required_revisions.items():
            standing = self.at(key) if key not in self._staged else None
            if standing is not None:
                if standing.revision != revision:
                    raise PreconditionFailed(f"the stored revision is {standing.revision}, not {revision}")
                self.unchanged(standing)
        self._required_revisions = {}

    def _begin_anew(self) -> None:
        self._read.update({key: put.record for key, put in self._staged.items()})
        self._staged, self._guards, self._insisted = {}, {}, set()
        self._begun = None

    @property
    def _commit(self) -> Commit:
        """What is staged. Begun when something is: most work only reads."""
        if self._begun is None:
            self._begun = Commit(id=str(uuid4()))
        return self._begun

    def _previous(self, key: str) -> Record | None:
        if key in self._staged:
            return self._staged[key].previous
        self.fetch((key,))
        return self._read[key]

    def _stage(self, record: Record, previous: Record | None) -> None:
        required = self._required_revisions.get(record.key)
        if required is not None:
            standing = previous.revision if previous and not previous.deleted else 0
            if required != standing:
                raise PreconditionFailed(f"the stored revision is {standing}, not {required}")
        self._staged[record.key] = Put(record, previous)


def run(store: EntityStore, command: Callable[[Work], T], *, principal: str = "") -> T:
    """Run the command and commit its work, again and again on Stale. Raises Busy when contention does not end."""
    for attempt in range(MAX_ATTEMPTS):
        work = Work(store, principal=principal)
        try:
            result = command(work)
            work.commit()
        except Stale:
            pause(attempt)
            continue
        return result
    raise Busy("too many writers change the same record at once; send the request again")


def pause(attempt: int) -> None:
    """Wait a random moment before the next attempt: up to 5 ms at first, up to 160 ms later."""
    time.sleep(random.uniform(0, 0.005 * 2 ** min(attempt, 5)))  # noqa: S311
