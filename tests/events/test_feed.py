from __future__ import annotations

from typing import Any

import pytest

from souk.events.feed import read_feed
from souk.events.ids import Position, event_id, position_of
from souk.events.sequencer import drain, sequence
from souk.store.port import LogBatch, Store
from tests.events.test_sequencer import write
from tests.store.making import event
from tests.threads import in_threads


def log_of(store: Store, *sizes: int) -> list[str]:
    """Write batches of these sizes; the subjects in order."""
    number = 0
    for batch, size in enumerate(sizes, 1):
        events = [event(f"{number + place}", logged="2024-01-01T00:00:00.000000Z") for place in range(size)]
        store.append(LogBatch(batch, events), [])
        number += size
    return [f"{n}" for n in range(number)]


def read_all(store: Store, limit: int) -> list[tuple[Position, dict[str, Any]]]:
    """Everything, page by page, each continued from the id of its last event as clients do."""
    found: list[tuple[Position, dict[str, Any]]] = []
    after = None
    while page := read_feed(store, after, limit):
        found += page
        after = position_of(event_id(*page[-1][0]))
        assert after is not None
    return found


@pytest.mark.parametrize("sizes", [(1,) * 40, (5, 1, 90, 2, 2, 30), (100,), (3, 3, 3, 3)])
def test_every_page_goes_on_where_the_last_one_ended(store: Store, sizes: tuple[int, ...]) -> None:
    wanted = log_of(store, *sizes)
    for limit in (2, 3, 7, 1000):
        found = read_all(store, limit)
        assert [e["subject"] for _, e in found] == wanted
        assert len({event_id(*position) for position, _ in found}) == len(wanted)
        assert [position for position, _ in found] == sorted(position for position, _ in found)


def test_a_page_is_full_unless_the_log_ends(store: Store) -> None:
    log_of(store, *[1, 2, 90, 3] * 11)
    assert [len(read_feed(store, None, limit)) for limit in (1, 4, 5, 6, 999)] == [1, 4, 5, 6, 999]
    assert len(read_feed(store, None, 2000)) == 96 * 11


def test_the_end_of_the_feed_is_empty(store: Store) -> None:
    assert read_feed(store, None) == []
    log_of(store, 2)
    [_, (last, _)] = read_feed(store, None)
    assert read_feed(store, last) == []
    assert read_feed(store, Position(99, 0)) == []


def test_a_position_without_the_mark_of_the_last_works_too(store: Store) -> None:
    log_of(store, 2, 2)
    assert [e["subject"] for _, e in read_feed(store, (1, 1))] == ["2", "3"]
    assert [e["subject"] for _, e in read_feed(store, (1, 0))] == ["1", "2", "3"]
    assert [e["subject"] for _, e in read_feed(store, (0, 0))] == ["0", "1", "2", "3"]


class Counting:
    """Counts what is read of the log."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.reads: list[int] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def read_log(self, after: int, limit: int) -> list[LogBatch]:
        batches = self._store.read_log(after, limit)
        self.reads.append(len(batches))
        return batches


def test_an_idle_reader_reads_nothing_again(store: Store) -> None:
    log_of(store, 90, 90)
    last, _ = read_feed(store, None)[-1]
    counting = Counting(store)
    assert read_feed(counting, position_of(event_id(*last))) == []
    assert counting.reads == [0]


@pytest.mark.parametrize("size", [1, 10, 90])
def test_a_page_reads_little_more_than_it_shows(store: Store, size: int) -> None:
    log_of(store, *[size] * (450 // size))
    counting = Counting(store)
    assert len(read_feed(counting, None, 300)) == 300
    assert len(counting.reads) <= 3
    assert sum(counting.reads) <= 300 // size + 18


def test_events_of_finished_requests_keep_their_order(store: Store) -> None:
    """One request after another, each by another thread."""
    for number in range(30):
        in_threads([lambda n=number: write(store, f"{n}")])  # type: ignore[misc]
        sequence(store, store.pending(number % 3))
    drain(store)
    assert [e["subject"] for _, e in read_all(store, 1000)] == [f"{n}" for n in range(30)]
