"""The checker sees each promise broken: on stores that break one, it names that one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from souk.store.port import Commit, LogBatch, Put, Record, Stale
from souk.store.sqlite import SqliteStore
from tests.events.checker import PROMISES, complaints
from tests.events.history import Traffic

EVERY = 9


class Broken(SqliteStore):
    """Breaks its promise now and then."""

    def __init__(self) -> None:
        super().__init__(":memory:")
        self._turns = 0

    def turn(self) -> bool:
        self._turns += 1
        return self._turns % EVERY == 0


class Forgets(Broken):
    """The log lacks the last event of a batch."""

    def append(self, batch: LogBatch, sequenced: Sequence[str], later: Collection[str] | None = None) -> None:
        events = batch.events[:-1] if self.turn() and len(batch.events) > 1 else batch.events
        super().append(LogBatch(batch.number, events), sequenced, later)


class Repeats(Broken):
    """The log has the last event of a batch twice."""

    def append(self, batch: LogBatch, sequenced: Sequence[str], later: Collection[str] | None = None) -> None:
        again = batch.events[-1:] if self.turn() else []
        super().append(LogBatch(batch.number, [*batch.events, *again]), sequenced, later)


class TurnsRound(Broken):
    """The log has a batch from its end to its beginning."""

    def append(self, batch: LogBatch, sequenced: Sequence[str], later: Collection[str] | None = None) -> None:
        events = batch.events[::-1] if self.turn() else batch.events
        super().append(LogBatch(batch.number, events), sequenced, later)


class TakesAsItComes(Broken):
    """Whatever was delivered first is placed first, though older events wait."""

    def append(self, batch: LogBatch, sequenced: Sequence[str], later: Collection[str] | None = None) -> None:
        super().append(batch, sequenced)


class Overwrites(Broken):
    """Who comes too late wins all the same."""

    def commit(self, commit: Commit) -> None:
        with suppress(Stale):
            super().commit(commit)
            return
        super().commit(replace(commit, puts=[self._forced(put) for put in commit.puts]))

    def _forced(self, put: Put) -> Put:
        standing = self.get_many([put.record.key])[put.record.key]
        return Put(replace(put.record, revision=standing.revision + 1), standing)


class Remembers(Broken):
    """Reads show what was read before."""

    def __init__(self) -> None:
        super().__init__()
        self._before: dict[str, Record] = {}

    def get_many(self, keys: Iterable[str]) -> dict[str, Record]:
        found = super().get_many(keys)
        shown = self._before | {} if self.turn() else found
        self._before |= found
        return {key: shown.get(key, record) for key, record in found.items()}


class Leaps(Broken):
    """A reader is led past a batch."""

    def read_log(self, after: int, limit: int) -> list[LogBatch]:
        return super().read_log(after + (after > 0 and self.turn()), limit)


class Stutters(Broken):
    """A reader is given a batch twice."""

    def read_log(self, after: int, limit: int) -> list[LogBatch]:
        found = super().read_log(after, limit)
        return [*found[:1], *found] if self.turn() else found


BREAKS: list[tuple[type[Broken], set[str]]] = [
    (Forgets, {"skipped"}),
    (Repeats, {"doubled"}),
    (TurnsRound, {"reordered"}),
    (TakesAsItComes, {"reordered"}),
    (Overwrites, {"lost"}),
    (Remembers, {"stale"}),
    (Leaps, {"skipped"}),
    (Stutters, {"doubled"}),
]


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Iterator[Any]:
    made = request.param()
    yield made
    made.close()


@pytest.mark.parametrize(("store", "broken"), BREAKS, ids=lambda one: getattr(one, "__name__", ""), indirect=["store"])
def test_a_broken_promise_is_named(store: Broken, broken: set[str]) -> None:
    found = {text.partition(":")[0] for text in complaints(Traffic(store, 2000).play())}
    assert broken <= found


def test_every_promise_was_broken() -> None:
    assert set().union(*(broken for _, broken in BREAKS)) == set(PROMISES)
