"""The examiner sees what it is there for: commands that do by half, twice, or not at all are found out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from souk.errors import Busy, Failed
from souk.store.port import Put, Store
from tests.faults.stage import Stage, staged
from tests.faults.trial import Manner, Outcome, unwelcome
from tests.store.making import changed, commit, create, event, read, record

Command = Callable[[Store], Outcome]
DONE = Outcome(200, {}, "")
AGAIN = Outcome(503, {"retry-after": "1"}, "")


def ensure(store: Store, name: str) -> None:
    if read(store, name) is None:
        create(store, record(name), events=[event(name)])


def whole(store: Store) -> Outcome:
    """One commit, which a repeat finds done."""
    try:
        ensure(store, "a")
    except (Busy, Failed):
        return AGAIN
    return DONE


def by_half(store: Store) -> Outcome:
    """Two commits, of which the first may stand alone."""
    try:
        ensure(store, "a")
        ensure(store, "b")
    except (Busy, Failed):
        return AGAIN
    return DONE


def twice(store: Store) -> Outcome:
    """A repeat does it once more."""
    try:
        before = read(store, "counter")
        assert before
        store.commit(commit(Put(changed(before), before), events=[event("counter")]))
    except (Busy, Failed):
        return AGAIN
    return DONE


def not_at_all(store: Store) -> Outcome:
    """Whatever went wrong, all is said to be well."""
    try:
        ensure(store, "a")
    except (Busy, Failed):
        return DONE
    return DONE


def for_good(store: Store) -> Outcome:
    """A failure that may pass is told as one that will not."""
    try:
        ensure(store, "a")
    except (Busy, Failed):
        return Outcome(500, {}, "", unwelcome(500, {}))
    return DONE


FOUND: list[tuple[Command, str]] = [
    (by_half, "half was left"),
    (twice, "in the end 1 more: told"),
    (not_at_all, "though it was answered 1 fewer: record"),
    (for_good, "not a status after which clients send again"),
]


@pytest.fixture
def stage() -> Iterator[Stage]:
    with staged(thorough=True) as made:
        create(made.store, record("counter"))
        yield made


def failures(stage: Stage, command: Command) -> list[str]:
    outcome, report = stage._examiner.examine(lambda: command(stage.store), Manner(), by_caller=False)
    assert (outcome, report.points > 10) == (DONE, True)
    return report.failures


def test_a_command_that_does_all_or_nothing_passes(stage: Stage) -> None:
    assert failures(stage, whole) == []


@pytest.mark.parametrize(("command", "words"), FOUND, ids=lambda one: getattr(one, "__name__", ""))
def test_a_command_that_does_not_is_found_out(stage: Stage, command: Command, words: str) -> None:
    assert [text for text in failures(stage, command) if words in text]
