"""A fresh store and a client with a key for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from souk.store.connect import use
from souk.store.port import Store
from souk.store.sqlite import SqliteStore
from tests.nndm.driver import Api
from tests.nndm.samples import team


@pytest.fixture
def store() -> Iterator[Store]:
    opened = SqliteStore(":memory:")
    use(opened)
    yield opened
    use(None)
    opened.close()


@pytest.fixture
def api(store: Store) -> Api:
    """A client, and the Domain Team `owners`."""
    api = Api(store)
    api.made("teams", team("owners"))
    return api
