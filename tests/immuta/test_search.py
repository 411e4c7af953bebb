"""The search of data products: order, tokens, filters (contract sections 1 and 3)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.immuta.conftest import World
from tests.immuta.driver import Client

NAMES = ["Alpha", "Beta", "Delta", "Epsilon (beta)", "Gamma"]


@pytest.fixture
def five(world: World) -> World:
    for name in reversed(NAMES):
        world.product(name=name)
    return world


def walk(client: Client, query: str) -> list[list[str]]:
    """The names on each page."""
    pages = []
    token: Any = ""
    while token is not None:
        found = client.get(f"/api/data-product?{query}" + (f"&nextToken={token}" if token else ""))
        pages.append([product["name"] for product in found["data"]])
        token = found["meta"]["nextToken"]
    return pages


def test_products_come_by_name_and_pages_join(five: World) -> None:
    assert walk(five.reader, "limit=2") == [["Alpha", "Beta"], ["Delta", "Epsilon (beta)"], ["Gamma"]]
    assert walk(five.reader, "limit=2&sortOrder=desc") == [["Gamma", "Epsilon (beta)"], ["Delta", "Beta"], ["Alpha"]]
    assert walk(five.reader, "limit=5&sortBy=name") == [NAMES]
    assert five.reader.get("/api/data-product")["meta"] == {"nextToken": None, "limit": 10}


def test_a_name_filter_is_a_substring_in_any_case(five: World) -> None:
    assert walk(five.reader, "nameFilter=BETA&limit=1") == [["Beta"], ["Epsilon (beta)"]]
    assert walk(five.reader, "nameFilter=") == [NAMES]
    assert walk(five.reader, "nameFilter=zeta") == [[]]


def test_a_token_is_good_for_its_filters_only(five: World) -> None:
    token = five.reader.get("/api/data-product?limit=1&nameFilter=beta")["meta"]["nextToken"]
    found = five.reader.get(f"/api/data-product?limit=3&nameFilter=beta&nextToken={token}")
    assert [product["name"] for product in found["data"]] == ["Epsilon (beta)"]
    for query in (f"nextToken={token}", f"nameFilter=a&nextToken={token}", f"nameFilter=beta&nextToken={token[:-2]}"):
        assert five.reader.refused("GET", f"/api/data-product?{query}") == 400
    assert five.reader.refused("GET", "/api/data-product?nextToken=unknown") == 400


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=101", "limit=x", "limit=1.5", "limit=", "sortOrder=up", "sortBy=id", "expiration=maybe"),
        *("statusFilter=GOOD", "roleFilter=king", "statusFilter[]=x"),
    ],
)
def test_bad_parameters_are_refused(world: World, query: str) -> None:
    assert world.reader.refused("GET", f"/api/data-product?{query}") == 400


def test_filters_by_what_the_caller_is_to_a_product(world: World) -> None:
    mine = world.product(name="Ends", requestFormId=world.open_form)
    world.request(mine)
    ending = world.product(name="Ends soon")
    request = world.request(ending)
    world.determine(request, duration=1, durationUnit="HOURS")
    world.product(name="Never asked")

    def names(query: str, client: Client = world.reader) -> list[str]:
        return [product["name"] for product in client.get(f"/api/data-product?{query}")["data"]]

    assert names("statusFilter=APPROVED") == ["Ends", "Ends soon"]
    assert names("statusFilter[]=NONE&statusFilter[]=PENDING") == ["Never asked"]
    assert names("statusFilter=PUBLISHER", world.manager) == ["Ends", "Ends soon", "Never asked"]
    assert names("expiration=true") == ["Ends soon"]
    assert names("expiration=false") == ["Ends", "Never asked"]
    assert names("roleFilter=member") == ["Ends", "Ends soon"]
    assert names("roleFilter=noRole") == ["Never asked"]
    assert len(names("roleFilter=manager", world.keeper)) == 3
    assert names("roleFilter=steward", world.keeper) == []


def test_the_latest_request_tells_the_status(world: World) -> None:
    product = world.product()
    path = f"/api/data-product/{product['id']}"
    assert world.reader.get(path)["status"] == "NONE"
    request = world.request(product)
    seen = world.reader.get(path)
    assert (seen["status"], seen["requestId"], seen["expiration"]) == ("PENDING", request["id"], None)
    world.determine(request, "DENIED")
    assert world.reader.get(path)["status"] == "DENIED"
    world.determine(world.request(product), duration=3)
    seen = world.reader.get(path)
    assert seen["status"] == "APPROVED"
    assert seen["expiration"] > seen["createdAt"]
    assert seen["stats"]["deniedRequestCount"] == seen["stats"]["approvedRequestCount"] == 1
    assert seen["stats"]["totalRequestCount"] == 2
