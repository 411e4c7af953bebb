"""Data products over HTTP (contract sections 2, 3 and 4)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from tests.wire.immuta.door import Caller, Marketplace, check_product, path_of


def test_the_whole_story_of_a_product(place: Marketplace, manager: Caller, other: Caller) -> None:
    sources = [{"sourceId": source} for source in place.sources[:2]]
    made = place.product(description="From the wire", dataSources=sources)
    check_product(made)
    assert manager.get(path_of(made)) == made
    seen = other.get(path_of(made))
    check_product(seen)
    assert (made["status"], seen["status"]) == ("PUBLISHER", "NONE")
    changed = manager.ok("PUT", path_of(made), {"description": None, "suspended": True})
    assert (changed["description"], changed["suspended"]) == (None, True)
    emptied = manager.ok("PUT", path_of(made, "datasources"), {"dataSources": []})
    assert emptied["stats"]["dataSourceCount"] == 0
    answer = manager.call("DELETE", path_of(made))
    assert (answer.status, answer.body) == (200, b"")
    manager.refused(404, "GET", path_of(made))


@pytest.mark.parametrize("name", ["{}/a", "{} a(b)", "{}\\x", "{}_-/()", "{} %2F".replace("%2F", "x/y")])
def test_names_with_slashes(place: Marketplace, other: Caller, name: str) -> None:
    product = place.product(name=name.format(uuid4().hex))
    found = other.get(f"/api/data-product/{quote(product['name'], safe='')}/byName")
    assert found["id"] == product["id"]
    other.refused(404, "GET", f"/api/data-product/{quote(product['name'] + '0', safe='')}/byName")


def test_pages_of_the_search(place: Marketplace, other: Caller) -> None:
    word = uuid4().hex
    names = sorted(place.product(name=f"{word} {number}")["name"] for number in range(5))
    found: list[str] = []
    query: dict[str, Any] = {"nameFilter": word.upper(), "limit": 2}
    first = other.get("/api/data-product", **query)
    found += [product["name"] for product in first["data"]]
    second = other.get("/api/data-product", **query, nextToken=first["meta"]["nextToken"])
    found += [product["name"] for product in second["data"]]
    last = other.get("/api/data-product", **query, nextToken=second["meta"]["nextToken"])
    found += [product["name"] for product in last["data"]]
    assert found == names
    assert last["meta"] == {"nextToken": None, "limit": 2}
    other.refused(400, "GET", "/api/data-product", nextToken=first["meta"]["nextToken"])
    backwards = other.get("/api/data-product", **query, sortOrder="desc")
    assert [product["name"] for product in backwards["data"]] == names[::-1][:2]


def test_sources_and_columns(place: Marketplace, manager: Caller, other: Caller) -> None:
    product = place.product(dataSources=[{"sourceId": source} for source in place.sources])
    every = other.get(path_of(product, "datasources", "all"))
    assert every == {"dataSources": [{"sourceId": source} for source in place.sources]}
    page = other.get(path_of(product, "datasources"), limit=100)
    assert {one["sourceId"] for one in page["data"]} == set(place.sources)
    assert {one["status"] for one in page["data"]} == {"NONE"}
    columns = other.get(path_of(product, "columns"), limit=100)
    named = [(one["name"], one["sourceName"]) for one in columns["data"]]
    assert named == sorted(named)
    assert tuple(reversed(place.column)) in {(one["name"], one["sourceId"]) for one in columns["data"]}
    masked = other.get(path_of(product, "columns"), maskedOnly="true", dataSourceIds=[place.column[0]])
    assert all(one["globalPolicyInfo"] or one["localPolicyInfo"] for one in masked["data"])
    assert masked["data"]
    manager.refused(400, "PUT", path_of(product, "datasources"), {"dataSources": [{"sourceId": "nowhere"}]})
    manager.refused(400, "PUT", path_of(product, "datasources"), {})


def test_names_and_ids_are_taken_once(place: Marketplace, manager: Caller) -> None:
    product = place.product(id=str(uuid4()))
    manager.refused(409, "POST", "/api/data-product", place.body(name=product["name"]))
    manager.refused(409, "POST", "/api/data-product", place.body(id=product["id"]))
    second = place.product()
    manager.refused(409, "PUT", path_of(second), {"name": product["name"]})


@pytest.mark.parametrize("fields", [{"name": "no!"}, {"domains": []}, {"requestFormId": None}, {"metadata": 1}])
def test_bad_bodies(place: Marketplace, manager: Caller, fields: dict[str, Any]) -> None:
    manager.refused(400, "POST", "/api/data-product", place.body(**fields))


def test_permissions(place: Marketplace, other: Caller) -> None:
    product = place.product()
    other.refused(403, "POST", "/api/data-product", place.body())
    other.refused(403, "PUT", path_of(product), {"description": "x"})
    other.refused(403, "PUT", path_of(product, "datasources"), {"dataSources": []})
    other.refused(403, "DELETE", path_of(product))
    assert other.get(path_of(product))["description"] is None


def test_without_a_token(place: Marketplace) -> None:
    nobody = Caller(place.url, "", "")
    for method, path in (("GET", "/api/data-product"), ("GET", "/api/auth/user"), ("POST", "/api/request-form")):
        nobody.refused(401, method, path)


def test_the_base_path_of_the_vendor_leads_here_too(place: Marketplace, other: Caller) -> None:
    product = place.product()
    assert other.get("/marketplace" + path_of(product)) == other.get(path_of(product))
    name = quote(product["name"], safe="")
    assert other.get(f"/marketplace/api/data-product/{name}/byName")["id"] == product["id"]
