"""DynamoDB gives events their place in several plain writes: every one of them may fail, or be overtaken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from souk.errors import Failed
from souk.events.sequencer import drain, sequence
from souk.store.dynamodb import DynamoStore
from souk.store.port import LogBatch, PositionTaken, Store
from tests.events.test_sequencer import numbers, subjects, write


class Interrupted(DynamoStore):
    """Another process on the same tables, in which a step may fail before or after it was carried out."""

    def __init__(self, store: Store, fails: Callable[[], bool]) -> None:
        assert isinstance(store, DynamoStore)
        super().__init__(store._tables)
        self._fails = fails

    def _perhaps(self) -> None:
        if self._fails():
            raise Failed("crash")

    def _waiting(self, names: set[str]) -> set[str]:
        self._perhaps()
        return super()._waiting(names)

    def _remove(self, names: Sequence[str]) -> None:
        self._perhaps()
        super()._remove(names)
        self._perhaps()


class Overtaken(DynamoStore):
    """Another process on the same tables, which is overtaken between its reads and its write."""

    def __init__(self, store: Store, overtake: Callable[[], Any]) -> None:
        assert isinstance(store, DynamoStore)
        super().__init__(store._tables)
        self._overtake = overtake

    def _waiting(self, names: set[str]) -> set[str]:
        found = super()._waiting(names)
        self._overtake()
        return found


def failing(*outcomes: bool) -> Callable[[], bool]:
    """Fails as told, and then never."""
    told = list(outcomes)
    return lambda: bool(told) and told.pop(0)


CRASHES = [
    pytest.param([True], ["a", "b"], id="before anything"),
    pytest.param([False, False, False, True], ["a", "b"], id="logged, nothing removed"),
    pytest.param([False, False, False, False, True], [], id="removed"),
]


@pytest.mark.parametrize(("outcomes", "left"), CRASHES)
def test_a_crash_at_any_step_neither_loses_nor_doubles(dynamo: Store, outcomes: list[bool], left: list[str]) -> None:
    write(dynamo, "a", "b")
    items = dynamo.pending(10)
    with pytest.raises(Failed):
        sequence(Interrupted(dynamo, failing(*outcomes)), items)
    assert [item.events[0]["subject"] for item in dynamo.pending(10)] == left
    write(dynamo, "c")
    sequence(dynamo, [*items, *dynamo.pending(10)])
    assert subjects(dynamo) == ["a", "b", "c"]
    assert dynamo.pending(10) == []


def test_what_a_crash_has_left_is_cleared_away_by_the_next_in_line(dynamo: Store) -> None:
    """The next sequencer is not even told of the items that the one before it has logged and not removed."""
    write(dynamo, "a", "b")
    with pytest.raises(Failed):
        sequence(Interrupted(dynamo, failing(False, False, False, True)), dynamo.pending(10))
    write(dynamo, "c")
    items = dynamo.pending(10)
    assert sequence(dynamo, items[-1:]) == 1
    assert dynamo.pending(10) == []
    assert sequence(dynamo, items) == 0
    assert subjects(dynamo) == ["a", "b", "c"]
    assert numbers(dynamo) == [1, 2]


@pytest.mark.parametrize("rounds", [1, 3])
def test_a_sequencer_that_stalls_before_its_write_writes_nothing_twice(dynamo: Store, rounds: int) -> None:
    write(dynamo, "a", "b", "c", "d", "e")
    items = dynamo.pending(10)
    others = [items[:2], items[2:3], items[3:4]][:rounds]

    def overtake() -> None:
        for some in others:
            sequence(dynamo, some)
        others.clear()

    sequence(Overtaken(dynamo, overtake), items)
    assert subjects(dynamo) == ["a", "b", "c", "d", "e"]
    assert dynamo.pending(10) == []


def test_a_number_whose_predecessor_is_not_there_is_not_written(dynamo: Store) -> None:
    write(dynamo, "a")
    with pytest.raises(PositionTaken):
        dynamo.append(LogBatch(2, [{}]), [dynamo.pending(1)[0].id])
    assert dynamo.last_batch() is None


def test_what_waits_is_found_however_much_lies_between(dynamo: Store) -> None:
    """The outbox is looked through in more than one page, and removed in more than one call."""
    write(dynamo, *(f"{n:02d}" for n in range(60)))
    assert drain(dynamo) == 60
    assert subjects(dynamo) == [f"{n:02d}" for n in range(60)]
    assert dynamo.pending(1) == []
