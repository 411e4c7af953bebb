"""A store in memory, a clock that stands where it is put, and the records that accesses are about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from souk import clock
from souk.store.sqlite import SqliteStore
from tests.access.world import Clock, World


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """It is noon of 15 May 2030 until a test moves it."""
    stands = Clock(datetime(2030, 5, 15, 12, tzinfo=UTC))
    monkeypatch.setattr(clock, "now", stands.now)
    return stands


@pytest.fixture
def world(store: SqliteStore, time: Clock) -> World:
    """Products `orders` (a port `out` that asks, `open` that approves by itself) and `consumer`, and their teams."""
    made = World(store, time)
    made.seed()
    return made
