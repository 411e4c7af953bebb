from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pytest

from souk.errors import Busy, Failed
from souk.events.feed import read_feed
from souk.events.sequencer import drain, sequence
from souk.store.port import Commit, LogBatch, OutboxItem, PositionTaken, Store
from tests.store.making import commit, event
from tests.store.test_large import noise
from tests.threads import in_threads


def write(store: Store, *subjects: str, **more: Any) -> None:
    for subject in subjects:
        store.commit(commit(events=[event(subject, **more)]))


def subjects(store: Store) -> list[str]:
    return [e["subject"] for batch in store.read_log(0, 10_000) for e in batch.events]


def numbers(store: Store) -> list[int]:
    return [batch.number for batch in store.read_log(0, 10_000)]


class Faulty:
    """A store whose `append` fails before or after it was carried out, as the given outcomes say."""

    def __init__(self, store: Store, *outcomes: str) -> None:
        self._store, self._outcomes = store, list(outcomes)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def append(self, batch: LogBatch, sequenced: Sequence[str], later: Collection[str] | None = None) -> None:
        outcome = self._outcomes.pop(0) if self._outcomes else "well"
        if outcome == "crash before":
            raise Failed("crash")
        self._store.append(batch, sequenced, later)
        if outcome == "crash after":
            raise Failed("crash")


def test_waiting_events_get_their_place_in_order(store: Store) -> None:
    write(store, "a", "b", "c")
    assert sequence(store, store.pending(10)) == 3
    assert subjects(store) == ["a", "b", "c"]
    assert store.pending(10) == []
    assert numbers(store) == [1]


def test_nothing_to_do_writes_nothing(store: Store) -> None:
    assert sequence(store, []) == 0
    assert drain(store) == 0
    assert store.last_batch() is None


def test_a_batch_has_90_items_at_most(store: Store) -> None:
    write(store, *(f"{n}" for n in range(200)))
    assert drain(store) == 200
    assert [len(batch.events) for batch in store.read_log(0, 10)] == [90, 90, 20]
    assert subjects(store) == [f"{n}" for n in range(200)]


def test_batches_are_bounded_by_their_size(store: Store) -> None:
    for number in range(4):
        store.commit(commit(events=[event(f"{number}", data={"text": noise(500_000, number)})]))
    assert drain(store) == 4
    assert subjects(store) == ["0", "1", "2", "3"]
    assert [len(batch.events) for batch in store.read_log(0, 10)] == [1, 1, 1, 1]


def test_a_commit_with_2000_events_has_them_in_one_row(store: Store) -> None:
    events = [event("p", data={"port": noise(64, n)}) for n in range(2000)]
    write(store, "before")
    store.commit(commit(events=events))
    write(store, "after")
    assert drain(store) == 3
    page = read_feed(store, None, 1000)
    page += read_feed(store, page[-1][0], 1000)
    page += read_feed(store, page[-1][0], 1000)
    assert [e["data"] for _, e in page] == [{}, *(e["data"] for e in events), {}]


def test_the_order_given_is_the_order_of_the_log(store: Store) -> None:
    write(store, "a", "b", "c")
    sequence(store, list(reversed(store.pending(10))))
    assert subjects(store) == ["c", "b", "a"]


def test_time_never_runs_backwards_along_the_log(store: Store) -> None:
    for number, second in enumerate((5, 3, 9, 1)):
        store.commit(commit(events=[event(f"{number}", time=f"2024-01-01T00:00:0{second}.000000Z")]))
        drain(store)
    logged = [e["logged"][17:19] for batch in store.read_log(0, 10) for e in batch.events]
    times = [e["time"][17:19] for batch in store.read_log(0, 10) for e in batch.events]
    assert logged == ["05", "05", "09", "09"]
    assert times == ["05", "03", "09", "01"]


def test_a_repeated_delivery_changes_nothing(store: Store) -> None:
    write(store, "a", "b", "c")
    items = store.pending(10)
    assert sequence(store, items) == 3
    assert sequence(store, items) == 0
    assert sequence(store, items[1:]) == 0
    assert subjects(store) == ["a", "b", "c"]


def test_a_delivery_that_overlaps_an_earlier_one_adds_only_what_is_new(store: Store) -> None:
    write(store, "a", "b")
    first = store.pending(10)
    sequence(store, first)
    write(store, "c", "d")
    assert sequence(store, [*first, *store.pending(10)]) == 2
    assert subjects(store) == ["a", "b", "c", "d"]
    assert numbers(store) == [1, 2]


def test_the_same_item_twice_in_one_delivery(store: Store) -> None:
    write(store, "a", "b")
    a, b = store.pending(10)
    assert sequence(store, [a, b, a]) == 2
    assert subjects(store) == ["a", "b"]


def test_a_delivery_that_overtook_others_waits_for_them(store: Store) -> None:
    write(store, *"abcdef")
    a, b, c, d, e, f = store.pending(10)
    assert sequence(store, [d, e]) == 5
    assert [item.events[0]["subject"] for item in store.pending(10)] == ["f"]
    assert sequence(store, [b, c]) == 0
    assert sequence(store, [a, f]) == 1
    assert subjects(store) == [*"abcdef"]


def test_a_delivery_that_overtook_hundreds_waits_for_them(store: Store) -> None:
    write(store, *(f"{n:03d}" for n in range(400)))
    items = store.pending(1000)
    assert sequence(store, items[395:]) == 400
    assert sequence(store, items[:300]) == 0
    assert subjects(store) == [f"{n:03d}" for n in range(400)]


@pytest.mark.parametrize("crash", ["crash before", "crash after"])
def test_a_crash_neither_loses_nor_doubles(store: Store, crash: str) -> None:
    write(store, *(f"{n}" for n in range(100)))
    items = store.pending(1000)
    faulty = Faulty(store, crash, "well", crash)
    for _ in range(2):
        with pytest.raises(Failed):
            sequence(faulty, items)
    sequence(faulty, items)
    assert subjects(store) == [f"{n}" for n in range(100)]
    assert numbers(store) == list(range(1, len(numbers(store)) + 1))
    assert store.pending(1) == []


def test_two_sequencers_at_once(store: Store) -> None:
    write(store, *(f"{n:03d}" for n in range(150)))
    items = store.pending(1000)
    results = in_threads([lambda: sequence(store, items), lambda: drain(store), lambda: sequence(store, items[:40])])
    assert sum(results) >= 150  # more where two wrote the very same batch, of which the store keeps one
    assert subjects(store) == [f"{n:03d}" for n in range(150)]
    assert numbers(store) == list(range(1, len(numbers(store)) + 1))


def test_a_head_that_moved_is_read_again(store: Store) -> None:
    """Another sequencer writes between this one's reading of the head and its append, every time."""
    write(store, "a", "b", "c", "d")
    items = store.pending(10)

    class Overtaken(Faulty):
        def append(self, batch: LogBatch, sequenced: Sequence[str], later: Collection[str] | None = None) -> None:
            if others:
                sequence(self._store, [others.pop()])
            super().append(batch, sequenced, later)

    others = [items[1], items[0]]
    assert sequence(Overtaken(store), items) == 2
    assert subjects(store) == ["a", "b", "c", "d"]
    assert numbers(store) == [1, 2, 3]
    assert store.pending(5) == []


def test_a_log_that_cannot_be_written_ends_in_busy(store: Store) -> None:
    write(store, "a")

    class Stuck(Faulty):
        def append(self, batch: LogBatch, sequenced: Sequence[str], later: Collection[str] | None = None) -> None:
            raise PositionTaken

    with pytest.raises(Busy):
        sequence(Stuck(store), store.pending(1))
    assert len(store.pending(10)) == 1


def test_append_is_all_or_nothing(store: Store) -> None:
    write(store, "a", "b")
    a, b = store.pending(10)
    store.append(LogBatch(1, [{"n": 1}]), [a.id])
    with pytest.raises(PositionTaken) as taken:
        store.append(LogBatch(2, [{"n": 2}]), [b.id, a.id])
    assert taken.value.gone == {a.id}
    assert store.pending(10) == [b]
    with pytest.raises(PositionTaken) as taken:
        store.append(LogBatch(1, [{"n": 3}]), [b.id])
    assert taken.value.gone == frozenset()
    assert store.read_log(0, 10) == [LogBatch(1, [{"n": 1}])]
    assert store.pending(10) == [b]


def test_one_batch_takes_90_outbox_items_at_most(store: Store) -> None:
    with pytest.raises(ValueError, match="90"):
        store.append(LogBatch(1, [{}]), [f"{n}" for n in range(91)])
    with pytest.raises(ValueError, match="different"):
        store.append(LogBatch(1, [{}]), ["1", "1"])


def test_notices_are_no_events(store: Store) -> None:
    store.commit(Commit(id="5b4f1f58-0000-4000-8000-000000000000", notices=[{"name": "n", "time": "t"}]))
    assert drain(store) == 0
    [item] = store.pending_notices(5)
    assert item == OutboxItem(item.id, [{"name": "n", "time": "t"}], notice=True)
    store.forget_notices([item.id, "unknown", "7"])
    assert store.pending_notices(5) == []
    store.forget_notices([item.id])
