"""Filters of the lists of products and contracts: contract X7."""

from __future__ import annotations

import pytest

from tests.nndm.driver import Api, Document
from tests.nndm.samples import contract, port, product, team

ODPS: Document = {
    "apiVersion": "v1.0.0",
    "kind": "DataProduct",
    "id": "bitol",
    "name": "Stores",
    "description": {"purpose": "Where customers buy"},
    "status": "active",
    "domain": "shops",
    "tags": ["gold"],
    "team": {"name": "shops"},
}
ODCS: Document = {
    "apiVersion": "v3.0.2",
    "kind": "DataContract",
    "id": "odcs",
    "version": "1.0.0",
    "status": "active",
    "name": "Stores",
    "description": {"purpose": "Where customers buy"},
    "domain": "shops",
    "tags": ["gold"],
    "team": {"name": "shops"},
}


@pytest.fixture
def shop(api: Api) -> Api:
    """Two products and two contracts in this API's form, and one of each in Bitol's."""
    api.made("teams", team("shops"))
    info = {"title": "Customer Orders", "owner": "owners", "description": "What was ordered", "domain": "sales"}
    orders = info | {"status": "active", "archetype": "consumer-aligned"}
    stock = {"title": "Stock", "owner": "shops", "status": "in development", "archetype": "source-aligned"}
    api.made("dataproducts", product("orders", port("out")) | {"info": orders, "tags": ["gold", "Pii"]})
    api.made("dataproducts", product("stock") | {"info": stock})
    api.made("dataproducts", ODPS)
    api.made("datacontracts", contract("orders-v1", tags=["gold"]))
    api.made(
        "datacontracts", contract("stock-v1") | {"info": {"title": "Stock", "version": "1", "description": "Kept"}}
    )
    api.made("datacontracts", ODCS)
    return api


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=customer", ["orders", "bitol"]),
        ("q=ORDERED", ["orders"]),
        ("q=orders%20customer", ["orders"]),
        ("q=stock", ["stock"]),
        ("q=out", []),
        ("status=active", ["orders", "bitol"]),
        ("status=In%20Development", ["stock"]),
        ("archetype=source-aligned", ["stock"]),
        ("tag=gold", ["orders", "bitol"]),
        ("tag=pii&status=active", ["orders"]),
        ("tag=pii&status=retired", []),
        ("teamId=shops", ["stock", "bitol"]),
        ("teamId=shops&teamId=owners", ["orders", "stock", "bitol"]),
        ("teamId=SHOPS", []),
        ("teamId=unassigned", []),
        ("domainId=shops", ["bitol"]),
        ("q=&status=&tag=", ["orders", "stock", "bitol"]),
        ("q=o&p=0", ["orders", "stock", "bitol"]),
        ("q=o&p=1", []),
    ],
)
def test_x7_products(shop: Api, query: str, found: list[str]) -> None:
    assert [entry["id"] for entry in shop.listed(f"dataproducts?{query}")] == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=stores", ["odcs"]),
        ("q=kept", ["stock-v1"]),
        ("q=v1", ["orders-v1", "stock-v1"]),
        ("q=buy%20where", ["odcs"]),
        ("owner=owners", ["orders-v1"]),
        ("owner=shops", ["odcs"]),
        ("tag=GOLD", ["orders-v1", "odcs"]),
        ("tag=gold&owner=shops", ["odcs"]),
        ("domain=shops", ["odcs"]),
    ],
)
def test_x7_contracts(shop: Api, query: str, found: list[str]) -> None:
    assert [entry["id"] for entry in shop.listed(f"datacontracts?{query}")] == found


def test_x7_what_is_found_is_paged_by_a_thousand(api: Api) -> None:
    for n in range(1003):
        api.made("dataproducts", product(f"p{n:04}", tags=["odd"] if n % 500 else ["odd", "rare"]))
    assert len(api.listed("dataproducts?tag=odd")) == 1003
    first = api.call("GET", "/api/dataproducts?tag=odd&p=0", host="h")
    assert len(first.json()) == 1000
    assert first.headers["link"] == '<https://h/api/dataproducts?tag=odd&p=1>; rel="next"'
    last = api.call("GET", "/api/dataproducts?tag=odd&p=1", host="h")
    assert [entry["id"] for entry in last.json()] == ["p1000", "p1001", "p1002"]
    assert "link" not in last.headers
    assert [entry["id"] for entry in api.listed("dataproducts?tag=rare&p=0")] == ["p0000", "p0500", "p1000"]


def test_x7_what_is_found_is_cut_at_five_megabytes(api: Api) -> None:
    for n in range(6):
        api.made("dataproducts", product(f"p{n}", tags=["large"], custom={"x": "y" * 1_000_000}))
    whole = api.call("GET", "/api/dataproducts?tag=large", host="h")
    assert len(whole.json()) == 5
    assert 'p=1>; rel="next"' in whole.headers["link"]
    assert [entry["id"] for entry in api.listed("dataproducts?tag=large&p=1")] == ["p5"]
