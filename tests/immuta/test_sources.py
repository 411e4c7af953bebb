"""Data sources and columns (contract section 4)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from souk.work import run
from tests.immuta.conftest import DOMAIN, World
from tests.immuta.driver import Doc

ALL = [{"sourceId": name} for name in ("orders", "customers", "visits")]
CUID = re.compile(r"c[a-z0-9]{24}\Z")


@pytest.fixture
def product(world: World) -> Doc:
    return world.product(dataSources=ALL)


def ids(world: World, product: Doc) -> list[str]:
    found = world.reader.get(f"/api/data-product/{product['id']}/datasources/all")
    return [source["sourceId"] for source in found["dataSources"]]


def test_a_replacement_leaves_exactly_what_it_names(world: World, product: Doc) -> None:
    path = f"/api/data-product/{product['id']}/datasources"
    assert ids(world, product) == ["orders", "customers", "visits"]
    changed = world.manager.ok("PUT", path, {"dataSources": [{"sourceId": "visits"}, {"sourceId": "visits"}]})
    assert changed["stats"]["dataSourceCount"] == 1
    assert ids(world, product) == ["visits"]
    assert world.manager.ok("PUT", path, {"dataSources": []})["sourceTypes"] == []
    assert ids(world, product) == []


@pytest.mark.parametrize(
    "body", [{}, {"dataSources": None}, {"dataSources": [{"sourceId": "foreign"}]}, {"dataSources": [1]}]
)
def test_what_a_replacement_refuses(world: World, product: Doc, body: Any) -> None:
    assert world.manager.refused("PUT", f"/api/data-product/{product['id']}/datasources", body) == 400
    assert len(ids(world, product)) == 3


def test_a_source_shows_where_it_is_and_pages_by_token(world: World, product: Doc) -> None:
    path = f"/api/data-product/{product['id']}/datasources"
    first = world.reader.get(f"{path}?limit=2")
    assert [one["name"] for one in first["data"]] == ["Customers", "Orders"]
    rest = world.reader.get(f"{path}?limit=2&nextToken={first['meta']['nextToken']}")
    assert ([one["name"] for one in rest["data"]], rest["meta"]) == (["Visits"], {"nextToken": None, "limit": 2})
    shown = first["data"][1]
    assert CUID.match(shown.pop("id"))
    assert shown == {
        "name": "Orders",
        "type": "Snowflake",
        "sourceId": "orders",
        "status": "NONE",
        "hostname": None,
        "database": None,
        "schema": "sales",
        "table": None,
        "prefix": None,
    }
    assert [one["sourceId"] for one in world.reader.get(f"{path}?nameFilter=ORD")["data"]] == ["orders"]
    assert len(world.reader.get(f"{path}?nameFilter=")["data"]) == 3
    assert world.reader.refused("GET", f"{path}?nameFilter=o&nextToken={first['meta']['nextToken']}") == 400
    assert world.reader.refused("GET", f"{path}?limit=101") == 400


def test_a_source_tells_who_has_access(world: World) -> None:
    guarded = {"name": "Guarded", "technology": "Snowflake", "domain": DOMAIN, "only_for": ["other@nav.no"]}
    run(world.store, lambda work: work.save("asset", "guarded", {"card": guarded}))
    product = world.product(dataSources=[{"sourceId": "orders"}, {"sourceId": "guarded"}])
    path = f"/api/data-product/{product['id']}"

    def statuses(query: str = "") -> list[str]:
        return [one["status"] for one in world.reader.get(f"{path}/datasources{query}")["data"]]

    assert statuses() == ["RESTRICTED", "NONE"]
    assert statuses(f"?user={world.id('other')}") == ["NONE", "NONE"]
    request = world.request(product)
    world.determine(request)
    assert statuses() == ["RESTRICTED", "SUBSCRIBED"]
    assert statuses(f"?user={world.id('other')}") == ["NONE", "NONE"]
    world.manager.ok("PUT", path, {"suspended": True})
    assert statuses() == ["RESTRICTED", "NONE"]
    assert world.reader.refused("GET", f"{path}/datasources?user=nobody") == 400


def test_columns_come_by_name_then_source(world: World, product: Doc) -> None:
    found = world.reader.get(f"/api/data-product/{product['id']}/columns")
    assert [(one["name"], one["sourceId"]) for one in found["data"]] == [
        ("born", "customers"),
        ("email", "customers"),
        ("email", "orders"),
        ("id", "customers"),
        ("id", "orders"),
    ]
    assert found["data"][0]["localPolicyInfo"] == {"maskingType": "ROUND"}
    assert found["data"][1] == {
        "name": "email",
        "sourceId": "customers",
        "sourceName": "Customers",
        "tags": ["pii"],
        "type": "text",
        "globalPolicyInfo": {"maskingType": "HASH"},
        "localPolicyInfo": None,
    }
    assert found["meta"] == {
        "offset": 0, "limit": 10, "totalCount": 5, "pageCount": 5, "currentPage": 1, "totalPages": 1
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("dir=DESC", ["id", "id", "email", "email", "born"]),
        ("sortOrder=desc", ["id", "id", "email", "email", "born"]),
        ("dir=DESC&sortOrder=asc", ["born", "email", "email", "id", "id"]),
        ("maskedOnly=true", ["born", "email", "email"]),
        ("maskedOnly=false&searchText=MAIL", ["email", "email"]),
        ("dataSourceIds=orders", ["email", "id"]),
        ("dataSourceIds[]=orders&dataSourceIds[]=visits", ["email", "id"]),
        ("tagIds=pii&dataSourceIds=orders", ["email"]),
        ("dataObjectId=7d0c5a7e-2f4b-4a86-9c3d-5e7f9a1b2c3d", []),
        ("offset=3&limit=1", ["id"]),
        ("offset=9", []),
    ],
)
def test_columns_are_filtered(world: World, product: Doc, query: str, names: list[str]) -> None:
    found = world.reader.get(f"/api/data-product/{product['id']}/columns?{query}")
    assert [one["name"] for one in found["data"]] == names


@pytest.mark.parametrize("query", ["dir=asc", "sortOrder=ASC", "maskedOnly=1", "offset=-1", "limit=0", "limit=a"])
def test_bad_parameters_of_columns(world: World, product: Doc, query: str) -> None:
    assert world.reader.refused("GET", f"/api/data-product/{product['id']}/columns?{query}") == 400


def test_an_empty_page_counts_all_the_same(world: World, product: Doc) -> None:
    found = world.reader.get(f"/api/data-product/{product['id']}/columns?offset=4&limit=2")
    assert found["meta"] == {
        "offset": 4, "limit": 2, "totalCount": 5, "pageCount": 1, "currentPage": 3, "totalPages": 3
    }  # fmt: skip
