"""PutGet, GetPut, Frame and See, for products that any sequence of writes through all doors has made."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from souk.store.port import Store
from tests.doors.products import Door
from tests.lenses import documents, laws
from tests.lenses.catalogue import SHAPES, Catalogue, distinct
from tests.lenses.documents import Write

HISTORIES = given(
    first=documents.makes, then=st.lists(documents.changes, min_size=1, max_size=5), shape=st.sampled_from(SHAPES)
)
RELAXED: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


@pytest.fixture(scope="module")
def catalogue(store: Store, doors: dict[str, Door], env: dict[str, str]) -> Catalogue:
    return Catalogue(store, doors, env)


def hold(catalogue: Catalogue, first: Write, then: list[Write], shape: str) -> None:
    """Make a product, change it again and again, and hold it against every law."""
    first, *changes = (distinct(write) for write in (first, *then))
    exact = catalogue.make(first, shape)
    assert exact is not None
    shown = catalogue.snapshot(exact)
    laws.sees(exact, shown)
    laws.gives_back(first, shown)
    for write in changes:
        before = shown
        answer = catalogue.change(exact, write)
        shown = catalogue.snapshot(exact)
        laws.sees(exact, shown)
        laws.took_effect(write, before, shown, done=answer is not None and answer.status in {200, 204})
    laws.changes_nothing(catalogue, exact, shown)


@settings(max_examples=60, **RELAXED)
@HISTORIES
def test_the_laws_hold(catalogue: Catalogue, first: Write, then: list[Write], shape: str) -> None:
    hold(catalogue, first, then, shape)


@pytest.mark.heavy
@settings(max_examples=10_000, **RELAXED)
@HISTORIES
def test_the_laws_hold_at_length(catalogue: Catalogue, first: Write, then: list[Write], shape: str) -> None:
    hold(catalogue, first, then, shape)
