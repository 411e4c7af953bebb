"""The world of the access tests, with a grantor that is told what to do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from souk.grantors import connect
from souk.grantors.port import Bystander
from tests.access.conftest import time, world
from tests.grants.system import System

__all__ = ["time", "world"]


@pytest.fixture
def system() -> Iterator[System]:
    """A system that Souk grants in."""
    made = System()
    connect.use(made)
    yield made
    connect.use(None)


@pytest.fixture
def outside() -> Iterator[None]:
    """A system outside that is told by notices, and reports."""
    connect.use(Bystander("external", reports=True))
    yield
    connect.use(None)
