"""The sequencer stops at what it cannot write and goes on when it is mended; nothing is skipped, nothing given up."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import pytest

from local.delivery import Delivery
from local.executor import Executor, Outcome
from local.streams import as_records
from local.templates import read_application
from reactions import sequence_events
from souk.errors import Failed
from souk.store.connect import use
from souk.store.port import LogBatch
from souk.store.sqlite import SqliteStore
from tests.repository.tree import ROOT
from tests.store.making import commit, event

NAMES = [f"e{number}" for number in range(12)]
TRIES = 60


class Broken:
    """A store whose log cannot be written while it is `down`; told how often that was tried."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self.down = True
        self.tried = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def append(self, batch: LogBatch, sequenced: Sequence[str], later: Collection[str] | None = None) -> None:
        self.tried += 1
        self.down = self.tried <= TRIES
        if self.down:
            raise Failed("the log cannot be written")
        self._store.append(batch, sequenced, later)


@pytest.fixture
def broken() -> Iterator[Broken]:
    opened = SqliteStore(":memory:")
    for name in NAMES:
        opened.commit(commit(events=[event(name)]))
    made = Broken(opened)
    use(made)
    yield made
    use(None)
    opened.close()


class Invoked:
    """Runs the sequencer, as the executor does. `seen`: how much was in log and outbox after each failure."""

    def __init__(self, store: Broken) -> None:
        self._store = store
        self.seen: set[tuple[int, int]] = set()

    def invoke(self, _function: Any, event: dict[str, Any]) -> Outcome:
        try:
            sequence_events.handler(event, None)
        except Failed as error:
            self.seen.add((len(self._store.read_log(0, 100)), len(self._store.pending(100))))
            return Outcome(None, {"errorType": "Failed", "errorMessage": str(error)})
        return Outcome(None)


class Hurried(threading.Event):
    """A run that is not stopped, and that nobody waits for."""

    def wait(self, timeout: float | None = None) -> bool:
        return False


def test_it_tries_again_without_end_and_skips_nothing(broken: Broken) -> None:
    function = read_application(ROOT / "template.yaml").function("SequenceEventsFunction")
    (mapping,) = function.streams
    runner, letters = Invoked(broken), list[Any]()
    executor: Executor = runner  # type: ignore[assignment]
    delivery = Delivery(executor, function, mapping, lambda *letter: letters.append(letter), Hurried())
    delivery.deliver(as_records(broken.pending(100)))
    assert runner.seen == {(0, len(NAMES))}
    assert (broken.tried > TRIES, letters, broken.pending(100)) == (True, [], [])
    assert [one["subject"] for batch in broken.read_log(0, 100) for one in batch.events] == NAMES
