"""A fresh store and a client with a key for every test."""

from __future__ import annotations

import pytest

from souk import clock as souk_clock
from souk.store.port import Store
from tests.nndm.agreements import Agreements, Clock
from tests.nndm.driver import Api
from tests.nndm.samples import port, product, team


@pytest.fixture
def api(store: Store) -> Api:
    """A client, and the Domain Team `owners`."""
    api = Api(store)
    api.made("teams", team("owners"))
    return api


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Noon of 10 March 2031, until a test moves it."""
    stands = Clock()
    monkeypatch.setattr(souk_clock, "now", stands.now)
    return stands


@pytest.fixture
def agreements(api: Api, clock: Clock) -> Agreements:
    """A product with a port that asks and one that approves by itself, and a consumer of each kind."""
    api.made("teams", team("analysts"))
    api.made("dataproducts", product("orders", port("out"), port("open", autoApprove=True)))
    api.made("dataproducts", product("reports", owner="analysts"))
    return Agreements(api, clock)
