"""A history of the event log: sixteen writers, two sequencers, and readers of the feed and of records, all at once.

Everything fails now and then: replies to writers are lost, sequencers crash before and after their write, batches of
the outbox's stream come twice, late, and in another order than they were written in.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic_ns
from typing import Any

from reactions import sequence_events
from souk.errors import Failed
from souk.events.feed import read_feed
from souk.events.ids import Position, event_id, position_of
from souk.events.sequencer import drain
from souk.events.streams import as_stream_event
from souk.store.connect import use
from souk.store.port import Commit, LogBatch, OutboxItem, Put, Stale, Store
from tests.store.making import changed, commit, create, event, read, record
from tests.threads import in_threads

WRITERS = 16
READERS = 3
REGISTERS = [f"r{number}" for number in range(24)]
SIZES = (1, 2, 3, 4, 5)
"""How many events the commits of a writer have, in turn."""
AT_TIMES = 0.04
_BATCH = 90
_JOINED = 600


@dataclass(frozen=True)
class Written:
    """One acknowledged commit: this revision of a register, with so many events. Instants are monotonic ns."""

    name: str
    register: str
    revision: int
    events: int
    began: int
    ended: int


@dataclass(frozen=True)
class Seen:
    """One read of a register. `holds`: how often it says that it was written."""

    register: str
    revision: int
    holds: int
    began: int
    ended: int


Told = tuple[str, dict[str, Any]]
"""An event as readers get it, with its id."""


@dataclass
class History:
    """What everybody did and saw. `log` is the feed as it was found when all had ended."""

    written: list[Written] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    last: dict[str, Seen] = field(default_factory=dict)
    readers: list[list[Told]] = field(default_factory=lambda: [[] for _ in range(READERS)])
    log: list[Told] = field(default_factory=list)


class Unreliable:
    """A store whose writes fail at times, before or after they were carried out."""

    def __init__(self, store: Store, seed: int) -> None:
        self._store, self._chance = store, random.Random(seed)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def commit(self, commit: Commit) -> None:
        self._perhaps(lambda: self._store.commit(commit))

    def append(self, batch: LogBatch, sequenced: Sequence[str], later: Collection[str] | None = None) -> None:
        self._perhaps(lambda: self._store.append(batch, sequenced, later))

    def _perhaps(self, write: Callable[[], None]) -> None:
        outcome = self._chance.random()
        if outcome < AT_TIMES:
            raise Failed("nothing was done")
        write()
        if outcome > 1 - AT_TIMES:
            raise Failed("the reply was lost")


class Stream:
    """The outbox's stream as a bad day has it. `deliveries` ends when `over` and nothing waits."""

    def __init__(self, store: Store, over: threading.Event) -> None:
        self._store, self._over, self._chance = store, over, random.Random(1)
        self._known: set[str] = set()

    def deliveries(self) -> Iterator[list[OutboxItem]]:
        while not self._over.is_set() or self._store.pending(1):
            late: list[list[OutboxItem]] = []
            for batch in self._batches():
                fate = self._chance.choice(["now", "now", "now", "late", "twice"])
                late += [batch] if fate != "now" else []
                yield from [batch] if fate != "late" else []
            self._chance.shuffle(late)
            yield from late

    def _batches(self) -> list[list[OutboxItem]]:
        """What is new since it was asked last, cut somehow."""
        fresh = [item for item in self._store.pending(10 * _BATCH) if item.id not in self._known]
        self._known.update(item.id for item in fresh)
        cut: list[list[OutboxItem]] = []
        while fresh:
            size = self._chance.randint(1, min(_BATCH, max(4, len(fresh) // 3)))
            cut, fresh = [*cut, fresh[:size]], fresh[size:]
        return cut


class Traffic:
    """Plays a history of at least so many events on a store."""

    def __init__(self, store: Store, events: int) -> None:
        self.store = store
        self._commits_each = -(-events // (WRITERS * sum(SIZES))) * len(SIZES)
        self._events = WRITERS * self._commits_each * sum(SIZES) // len(SIZES)
        self._written, self._sequenced = threading.Event(), threading.Event()
        self._history = History()

    def play(self) -> History:
        """The whole history. Ends when every reader has seen as many events as were written, or will not."""
        create(self.store, *(record(name, {"n": 0}) for name in REGISTERS))
        others = [threading.Thread(target=self._deliver), threading.Thread(target=self._sweep)]
        others += [threading.Thread(target=self._follow, args=(n,)) for n in range(READERS)]
        others += [threading.Thread(target=self._look, args=(n,)) for n in range(2)]
        use(Unreliable(self.store, 7))
        for thread in others:
            thread.start()
        ends = in_threads([lambda w=w: self._write(w) for w in range(WRITERS)])  # type: ignore[misc]
        self._written.set()
        for thread in others:
            thread.join(_JOINED)
        use(None)
        assert ends == [None] * WRITERS
        self._history.log = self._page(None, self._events * 2)
        self._history.last = {name: self._read(name)[1] for name in REGISTERS}
        return self._history

    # -- writers and readers of records ----------------------------------------------------------------------------

    def _write(self, writer: int) -> None:
        chance, store = random.Random(writer), Unreliable(self.store, writer)
        for number in range(self._commits_each):
            self._increment(store, f"{writer}/{number}", chance.choice(REGISTERS), SIZES[number % len(SIZES)])

    def _increment(self, store: Unreliable, name: str, register: str, size: int) -> None:
        while True:
            before, seen = self._read(register)
            self._history.seen.append(seen)
            after = changed(before, body={"n": before.body["n"] + 1})
            told = [
                event(register, data={"by": name, "part": part, "revision": after.revision}) for part in range(size)
            ]
            began = monotonic_ns()
            with suppress(Stale):
                _until_acknowledged(store, commit(Put(after, before), events=told))
                ended = monotonic_ns()
                self._history.written.append(Written(name, register, after.revision, size, began, ended))
                return

    def _read(self, register: str) -> tuple[Any, Seen]:
        began = monotonic_ns()
        found = read(self.store, register)
        assert found
        return found, Seen(register, found.revision, found.body["n"], began, monotonic_ns())

    def _look(self, seed: int) -> None:
        chance = random.Random(seed)
        while not self._written.wait(0.002):
            self._history.seen.append(self._read(chance.choice(REGISTERS))[1])

    # -- the sequencer, and readers of the feed -----------------------------------------------------------------------

    def _deliver(self) -> None:
        """Lambda gives a batch again until it was taken."""
        for batch in Stream(self.store, self._written).deliveries():
            while not _taken(batch):
                pass
        self._sequenced.set()

    def _sweep(self) -> None:
        while not self._written.wait(0.5):
            with suppress(Failed):
                drain(Unreliable(self.store, 3))

    def _follow(self, number: int) -> None:
        """Page by page, each continued from the id of its last event as clients do."""
        chance, seen, ended = random.Random(number), self._history.readers[number], False
        while True:
            page = self._page(position_of(seen[-1][0]) if seen else None, chance.choice([1, 10, 1000]))
            seen += page
            if ended and not page:
                return
            ended = self._sequenced.wait(0 if page else 0.01)

    def _page(self, after: Position | None, limit: int) -> list[Told]:
        return [(event_id(*position), told) for position, told in read_feed(self.store, after, limit)]


def _until_acknowledged(store: Unreliable, wanted: Commit) -> None:
    while True:
        try:
            store.commit(wanted)
        except Failed:
            continue
        return


def _taken(batch: list[OutboxItem]) -> bool:
    try:
        sequence_events.handler(as_stream_event(batch))
    except Failed:
        return False
    return True
