"""Fixtures for every test. ENGINE chooses the store of the local run: embedded (the default) or aws."""

from __future__ import annotations

import os
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import HealthCheck, settings

from souk.store.connect import use
from souk.store.port import Store
from souk.store.sqlite import SqliteStore
from tests.running import Running, start_souk

settings.register_profile(
    "souk",
    derandomize=True,  # a verdict that depends on the code alone; what `make heavy` runs draws anew each time
    database=None,
    deadline=None,  # machines are as slow as they are
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("souk")


@pytest.fixture
def store() -> Iterator[Store]:
    """A fresh store in memory, which the operations of this process use."""
    opened = SqliteStore(":memory:")
    use(opened)
    yield opened
    use(None)
    opened.close()


@pytest.fixture(scope="session")
def engine() -> str:
    return os.environ.get("ENGINE", "embedded")


@pytest.fixture(scope="session")
def souk(tmp_path_factory: pytest.TempPathFactory, engine: str) -> Iterator[Running]:
    """One local run for all tests of a session that do not stop or change it as a whole."""
    running = start_souk(tmp_path_factory.mktemp("souk") / "state", engine)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def client(souk: Running) -> Iterator[httpx.Client]:
    """An HTTP client of the session's run, with the seeded API key."""
    with souk.client() as client:
        yield client
