"""Histories of many writers on every store: nothing is skipped, doubled, reordered, lost, or read too old."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from souk.store.port import Store
from tests.engines import close, store_of
from tests.events.checker import complaints
from tests.events.history import Traffic
from tests.events.test_interrupted_sequencer import Interrupted

EVENTS = {"file": 5_000, "memory": 5_000, "dynamodb": 1_500}
MANY = 100_000


def test_a_history_of_5000_events_keeps_every_promise(engine: str, store: Store) -> None:
    history = Traffic(store, EVENTS[engine]).play()
    assert complaints(history) == []
    assert len(history.log) >= EVENTS[engine]


def test_a_history_in_which_every_step_of_a_sequencer_fails_at_times(dynamo: Store) -> None:
    chance = random.Random(7)
    history = Traffic(Interrupted(dynamo, lambda: chance.random() < 0.15), 900).play()
    assert complaints(history) == []
    assert len(history.log) >= 900


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["file", "dynamodb"])
def test_a_history_of_100000_events_keeps_every_promise(name: str, aws: None, tmp_path: Path) -> None:
    store = store_of(name, tmp_path)
    history = Traffic(store, MANY).play()
    assert complaints(history) == []
    assert len(history.log) >= MANY
    print(f"{name}: {len(history.log)} events, {len(history.written)} updates, {len(history.seen)} reads")
    close(store)
