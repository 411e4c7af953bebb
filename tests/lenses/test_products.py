"""PutGet, GetPut, Frame and See, for products that any sequence of writes through all doors has made.

Two profiles: the quick one takes the same examples each time, the long one new ones.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lenses import documents, laws
from tests.lenses.catalogue import SHAPES, Catalogue
from tests.lenses.documents import Write

HISTORIES = given(
    first=documents.makes, then=st.lists(documents.changes, min_size=1, max_size=5), shape=st.sampled_from(SHAPES)
)


@settings(max_examples=60)
@HISTORIES
def test_the_laws_hold(catalogue: Catalogue, first: Write, then: list[Write], shape: str) -> None:
    laws.hold(catalogue, first, then, shape)


@pytest.mark.heavy
@settings(max_examples=10_000, derandomize=False)
@HISTORIES
def test_the_laws_hold_at_length(catalogue: Catalogue, first: Write, then: list[Write], shape: str) -> None:
    laws.hold(catalogue, first, then, shape)
