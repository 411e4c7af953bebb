"""Each door against a plain model of it: whatever a client does in whatever order, both say the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.models.dpx import DpxHistory
from tests.models.history import History
from tests.models.immuta import ImmutaHistory
from tests.models.nav import NavHistory
from tests.models.nndm import NndmHistory

HISTORIES = [DpxHistory, ImmutaHistory, NavHistory, NndmHistory]
STEPS = 50
LONG = 10_000
RELAXED: dict[str, Any] = {
    "deadline": None,
    "stateful_step_count": STEPS,
    "suppress_health_check": list(HealthCheck),
}
doors = pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.__name__)


@doors
@pytest.mark.usefixtures("surroundings")
def test_a_door_does_as_its_model(history: type[History]) -> None:
    history.steps = 0
    run_state_machine_as_test(history, settings=settings(max_examples=5, derandomize=True, database=None, **RELAXED))
    assert history.steps >= 2 * STEPS


@pytest.mark.heavy
@doors
@pytest.mark.usefixtures("surroundings")
def test_a_door_does_as_its_model_at_length(history: type[History]) -> None:
    history.steps = 0
    while history.steps < LONG:
        run_state_machine_as_test(history, settings=settings(max_examples=50, derandomize=False, **RELAXED))
    print(f"{history.__name__}: {history.steps} steps")
    assert history.steps >= LONG
