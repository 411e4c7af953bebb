"""How often an operation goes to the store: a read once, a common write twice (budget P3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from souk.store.connect import use
from souk.store.port import Store
from tests.nndm.driver import Api
from tests.nndm.samples import FULL, MINIMAL, contract, cost, port, product, run_of

KINDS = sorted(FULL)
READ, WRITE = ["get_many"], ["get_many", "commit"]


class Counting:
    """The store, and the names of the calls that were made to it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.calls.append(name)
        return getattr(self.store, name)


@pytest.fixture
def counting(api: Api) -> Iterator[Counting]:
    """From here on every call to the store is counted."""
    counting = Counting(api.store)
    use(counting)
    yield counting
    use(api.store)


@pytest.mark.parametrize("kind", KINDS)
def test_p3_create_update_read_and_delete(api: Api, counting: Counting, kind: str) -> None:
    for _ in range(2):
        api.made(kind, MINIMAL[kind])
        assert counting.calls == WRITE
        counting.calls.clear()
    api.shown(kind, "minimal")
    assert counting.calls == READ
    counting.calls.clear()
    api.removed(kind, "minimal")
    # A product asks for its costs as well.
    assert counting.calls == [*READ, *{"dataproducts": ["page"]}.get(kind, []), "commit"]


@pytest.mark.parametrize("kind", KINDS)
def test_p3_a_list_is_a_page_of_entries_and_their_records(api: Api, counting: Counting, kind: str) -> None:
    for n in range(50):
        api.made(kind, MINIMAL[kind] | {"id": f"{n}"})
    counting.calls.clear()
    api.listed(kind)
    assert counting.calls == ["get_many", "page", "get_many"]


def test_p3_costs_and_test_results(api: Api, counting: Counting) -> None:
    api.made("dataproducts", product("orders", port("a", dataContractId="orders-v1", assets=["x"])))
    api.made("datacontracts", contract("orders-v1", "production"))
    counting.calls.clear()
    api.call("POST", "/api/costs", cost())
    assert counting.calls == WRITE
    counting.calls.clear()
    api.call("POST", "/api/test-results", run_of())
    assert counting.calls == WRITE
    counting.calls.clear()
    api.listed("costs?dataProductId=orders")
    assert counting.calls == ["get_many", "page", "get_many"]


def test_p3_a_refused_request_writes_nothing(api: Api, counting: Counting) -> None:
    api.put("dataproducts", product("p", owner="nobody"))
    assert counting.calls == READ
