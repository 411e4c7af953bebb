"""The list of all products looks at lists and at pages of records, and never at each product."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from souk.store.sqlite import SqliteStore
from tests.nav.driver import Client


@pytest.fixture
def client(store: SqliteStore) -> Client:
    return Client(store)


@pytest.fixture
def calls(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the store was asked what."""
    counted: Counter[str] = Counter()

    def count(name: str) -> None:
        asked = getattr(store, name)

        def call(*args: Any, **named: Any) -> Any:
            counted[name] += 1
            return asked(*args, **named)

        monkeypatch.setattr(store, name, call)

    count("page")
    count("get_many")
    return counted


def busy(client: Client) -> str:
    """A product with an access in force and one that ended."""
    product = client.register()
    client.grant(product, "a@nav.no")
    client.grant(product, "b@nav.no")
    client.revoke(product, "b@nav.no")
    return product


def listed(client: Client) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in client.call("get_dataproducts")}


@pytest.mark.parametrize("products", [1, 40])
def test_the_list_costs_the_same_whatever_it_holds(client: Client, calls: Counter[str], products: int) -> None:
    made = [busy(client) for _ in range(products)]
    calls.clear()
    found = listed(client)
    # The key; then the live accesses, the last ends, the products and their records.
    assert calls == {"page": 3, "get_many": 2}
    assert set(found) == set(made)


def test_the_list_tells_the_same_as_each_product(client: Client, time: Any) -> None:
    made = []
    for _ in range(5):
        time.forward(minutes=1)
        made.append(busy(client))
    time.forward(minutes=1)
    client.grant(made[0], "c@nav.no")
    client.revoke(made[1], "a@nav.no")
    client.call("update_dataproduct", made[2], {"name": "m"}, "PUT")
    found = listed(client)
    assert [found[product] for product in made] == [client.call("get_dataproduct", product) for product in made]
    changed = [found[product]["updated"] for product in made]
    assert changed[:3] == [changed[0]] * 3
    assert changed[3] < changed[4] < changed[0]


def test_each_change_of_access_moves_updated_once(client: Client, time: Any) -> None:
    product = client.register()
    moments = []
    for change in ("grant", "grant", "revoke", "grant", "revoke"):
        time.forward(seconds=1)
        getattr(client, change)(product, "a@nav.no")
        moments.append(listed(client)[product]["updated"])
    assert moments == sorted(set(moments))
    time.forward(seconds=1)
    assert listed(client)[product]["updated"] == moments[-1]


def test_an_end_by_the_calendar_moves_updated_before_and_after_it_is_settled(client: Client, time: Any) -> None:
    from reactions import sweep_due

    product = client.register()
    time.forward(seconds=1)
    client.grant(product, "a@nav.no", expires="2030-05-15T12:30:00Z")
    granted = listed(client)[product]["updated"]
    time.forward(minutes=40)
    over = listed(client)[product]["updated"]
    sweep_due.handler({})
    settled = listed(client)[product]["updated"]
    assert granted < over == "2030-05-15T12:30:00Z" < settled
