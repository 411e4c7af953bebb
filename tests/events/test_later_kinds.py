"""Kinds that only readers of later versions know: they have their place in the log, and are told where it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from souk.bus.port import Message
from souk.events.feed import read_feed
from souk.events.ids import event_id, position_of
from souk.events.names import LATER_EVENTS
from souk.events.relay import relay_batches
from souk.events.sequencer import drain, sequence
from souk.store.port import Store
from tests.store.making import commit, event


class Recorder:
    """A bus that keeps what is put on it."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def put(self, messages: Sequence[Message]) -> None:
        self.names += [message.name for message in messages]


def access(verb: str) -> dict[str, Any]:
    return event("a", verb) | {"kind": "access"}


def story(store: Store) -> None:
    """Events of every sort in three commits."""
    store.commit(commit(events=[access("created"), event("p"), access("updated")]))
    store.commit(commit(events=[event("x", "created") | {"kind": "asset"}]))
    store.commit(commit(events=[access("deleted")]))
    drain(store)


FIRST = [("access", "created"), ("product", "updated"), ("access", "updated"), ("access", "deleted")]
WHOLE = [
    ("access", "created"),
    ("access_renamed", "created"),
    ("product", "updated"),
    ("access", "updated"),
    ("access_renamed", "updated"),
    ("asset", "created"),
    ("access", "deleted"),
    ("access_renamed", "deleted"),
]


def seen(store: Store, after: str | None = None, limit: int = 1000) -> list[tuple[str, str]]:
    position = position_of(after) if after else None
    return [(found["kind"], found["verb"]) for _, found in read_feed(store, position, limit)]


def test_twins_stand_behind_their_events_whoever_reads(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    story(store)
    assert seen(store) == FIRST
    monkeypatch.setenv(LATER_EVENTS, "true")
    assert seen(store) == WHOLE
    ids = [event_id(*position) for position, _ in read_feed(store, None)]
    assert ids == sorted(set(ids))
    assert [seen(store, id) for id in ids] == [WHOLE[at + 1 :] for at in range(len(WHOLE))]


def test_pages_of_any_length_hold_what_is_told(store: Store) -> None:
    story(store)
    for limit in range(1, 6):
        found: list[tuple[str, str]] = []
        after: str | None = None
        while page := read_feed(store, position_of(after) if after else None, limit):
            found += [(one["kind"], one["verb"]) for _, one in page]
            after = event_id(*page[-1][0])
            assert len(page) <= limit
        assert found == FIRST


def test_the_bus_tells_what_the_feed_tells(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    story(store)
    first, whole = Recorder(), Recorder()
    relay_batches(first, store.read_log(0, 10))
    monkeypatch.setenv(LATER_EVENTS, "true")
    relay_batches(whole, store.read_log(0, 10))
    assert [name for name in whole.names if name.startswith("Access")] == [
        "AccessCreatedEvent",
        "AccessUpdatedEvent",
        "AccessDeletedEvent",
    ]
    later = ("Access", "Asset")
    assert [name for name in whole.names if not name.startswith(later)] == first.names


def test_the_same_items_twice_have_one_twin(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LATER_EVENTS, "true")
    store.commit(commit(events=[access("created")]))
    items = store.pending(10)
    assert [sequence(store, items), sequence(store, items)] == [1, 0]
    assert seen(store) == WHOLE[:2]
