"""Data sources of a product (contract section 4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.immuta.door import CUID, Caller, Marketplace, check_product, path_of, worded
from tests.wire.immuta.extras import GUARDED_FOR, Extras
from tests.wire.immuta.fields import BAD_SOURCES
from tests.wire.immuta.people import Issuer
from tests.wire.immuta.test_product_search import BAD_TOKEN_LISTS, walked
from tests.wire.raw import Doc

ALWAYS = {"id", "name", "type", "sourceId", "status"}
MAYBE = {"hostname", "database", "schema", "table", "prefix"}


def attached(caller: Caller, product: Doc) -> list[str]:
    return [one["sourceId"] for one in caller.get(path_of(product, "datasources", "all"))["dataSources"]]


def statuses(caller: Caller, product: Doc, **query: Any) -> set[str]:
    return {one["status"] for one in caller.get(path_of(product, "datasources"), **query)["data"]}


def test_every_item_of_the_list(place: Marketplace, other: Caller, still: Doc) -> None:
    page = other.get(path_of(still, "datasources"))
    assert page["meta"] == {"nextToken": None, "limit": 10}
    assert {one["sourceId"] for one in page["data"]} == set(place.sources)
    for one in page["data"]:
        assert ALWAYS <= one.keys() <= ALWAYS | MAYBE
        assert CUID.match(one["id"])
        assert all(isinstance(one[name], str) for name in ALWAYS)
        assert all(one[name] is None or isinstance(one[name], str) for name in one.keys() & MAYBE)


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 100])
def test_pages(place: Marketplace, other: Caller, still: Doc, limit: int) -> None:
    first = other.get(path_of(still, "datasources"), limit=limit)
    assert (first["meta"]["limit"], len(first["data"])) == (limit, min(limit, 4))
    assert (first["meta"]["nextToken"] is None) == (limit >= 4)
    found = walked(other, path_of(still, "datasources"), limit=limit)
    assert sorted(one["sourceId"] for one in found) == sorted(place.sources)


@pytest.mark.parametrize(
    ("name", "value"),
    [one for one in BAD_TOKEN_LISTS if one[0] != "sortOrder"] + [("user", "x"), ("user", "")],
    ids=str,
)
def test_bad_parameters(other: Caller, still: Doc, name: str, value: Any) -> None:
    worded(other.call("GET", path_of(still, "datasources"), **{name: value}), 400)


def test_a_token_is_good_for_its_list_only(place: Marketplace, other: Caller, still: Doc) -> None:
    path = path_of(still, "datasources")
    token = other.get(path, limit=1)["meta"]["nextToken"]
    worded(other.call("GET", path, limit=1, nextToken=token, nameFilter="a"), 400)
    worded(other.call("GET", path, limit=1, nextToken=token, user=place.users[0]), 400)
    product = place.product(dataSources=place.attached(*place.sources))
    worded(other.call("GET", path_of(product, "datasources"), limit=1, nextToken=token), 400)


@pytest.mark.parametrize("change", [str.upper, str.lower, lambda text: text[1:-1], lambda text: text[2:3]])
def test_a_part_of_the_name_in_any_case(other: Caller, still: Doc, change: Any) -> None:
    every = other.get(path_of(still, "datasources"))["data"]
    asked = change(every[0]["name"])
    found = other.get(path_of(still, "datasources"), nameFilter=asked)["data"]
    assert found == [one for one in every if asked.lower() in one["name"].lower()]


@pytest.mark.parametrize(("asked", "hits"), [("", 4), ("%", 0), ("_", 0), (".", 0), ("nothing like it", 0), (" ", 4)])
def test_names_that_match_or_not(other: Caller, still: Doc, asked: str, hits: int) -> None:
    assert len(other.get(path_of(still, "datasources"), nameFilter=asked)["data"]) == hits


def test_odd_names(place: Marketplace, other: Caller, extras: Extras) -> None:
    product = place.product(dataSources=place.attached(extras.odd, extras.wide))
    for part in ("100%", "[A.B]", "_(", "Odd"):
        found = other.get(path_of(product, "datasources"), nameFilter=part)["data"]
        assert [one["sourceId"] for one in found] == [extras.odd]


def test_replacement(place: Marketplace, manager: Caller, other: Caller) -> None:
    product = place.product(dataSources=place.attached(*place.sources[:2]))
    sets: list[list[str]] = [place.sources[1:3], place.sources, [], place.sources[3:], place.sources[3:]]
    for wanted in sets:
        body = {"dataSources": [{"sourceId": source} for source in wanted]}
        after = manager.ok("PUT", path_of(product, "datasources"), body)
        check_product(after)
        assert after["stats"]["dataSourceCount"] == len(wanted)
        assert sorted(attached(other, product)) == sorted(wanted)
        assert manager.get(path_of(product)) == after


def test_source_types(place: Marketplace, manager: Caller, other: Caller) -> None:
    product = place.product(dataSources=place.attached(*place.sources))
    items = other.get(path_of(product, "datasources"))["data"]
    assert sorted(product["sourceTypes"]) == sorted({one["type"] for one in items})
    body = {"dataSources": place.attached()}
    assert len(manager.ok("PUT", path_of(product, "datasources"), body)["sourceTypes"]) == 1


def test_an_empty_product(other: Caller, place: Marketplace) -> None:
    product = place.product()
    assert attached(other, product) == []
    assert other.get(path_of(product, "datasources")) == {"data": [], "meta": {"nextToken": None, "limit": 10}}


@pytest.mark.parametrize("sources", BAD_SOURCES, ids=range(len(BAD_SOURCES)))
def test_bad_bodies_change_nothing(place: Marketplace, manager: Caller, sources: Any) -> None:
    product = place.product(dataSources=place.attached())
    worded(manager.call("PUT", path_of(product, "datasources"), {"dataSources": sources}), 400)
    assert attached(manager, product) == place.sources[:1]


@pytest.mark.parametrize("body", [{}, {"datasources": []}, {"sources": []}], ids=str)
def test_the_key_must_be_there(manager: Caller, still: Doc, body: Doc) -> None:
    worded(manager.call("PUT", path_of(still, "datasources"), body), 400)


def test_one_bad_source_among_good_ones(place: Marketplace, manager: Caller) -> None:
    product = place.product()
    body = {"dataSources": [*place.attached(*place.sources), {"sourceId": "nowhere"}]}
    worded(manager.call("PUT", path_of(product, "datasources"), body), 400)
    assert attached(manager, product) == []


def test_a_source_of_another_domain(place: Marketplace, manager: Caller, extras: Extras) -> None:
    body = {"dataSources": place.attached(extras.foreign)}
    worded(manager.call("PUT", path_of(place.product(), "datasources"), body), 400)
    both = place.product(domains=[place.domain, extras.domain])
    body = {"dataSources": place.attached(extras.foreign, place.sources[0])}
    manager.ok("PUT", path_of(both, "datasources"), body)
    assert both["domains"] == [place.domain, extras.domain]
    assert sorted(attached(manager, both)) == sorted([extras.foreign, place.sources[0]])


def test_the_status_follows_the_request(place: Marketplace, manager: Caller, other: Caller) -> None:
    product = place.product(dataSources=place.attached(*place.sources[:2]))
    assert statuses(other, product) == {"NONE"}
    request = place.request(product, other)
    assert statuses(other, product) == {"NONE"}
    place.determine(request)
    assert statuses(other, product) == {"SUBSCRIBED"}
    assert statuses(manager, product, user=other.id) == {"SUBSCRIBED"}
    assert statuses(other, product, user=place.users[0]) == {"NONE"}
    body = {"dataSources": place.attached(*place.sources)}
    manager.ok("PUT", path_of(product, "datasources"), body)
    assert statuses(other, product) == {"SUBSCRIBED"}
    manager.ok("DELETE", path_of(product, "request", request["id"]), status=204)
    assert statuses(other, product) == {"NONE"}


def test_a_masking_exception_gives_no_source(place: Marketplace, other: Caller) -> None:
    product = place.product(dataSources=place.attached())
    place.determine(place.masking(product, other))
    assert statuses(other, product) == {"NONE"}


def test_a_guardrail(place: Marketplace, other: Caller, extras: Extras, issuer: Issuer) -> None:
    product = place.product(dataSources=place.attached(extras.guarded))
    taster = issuer.person(groups=[GUARDED_FOR])
    assert (statuses(other, product), statuses(taster, product)) == ({"RESTRICTED"}, {"NONE"})
    for caller in (other, taster):
        place.determine(place.request(product, caller))
    assert (statuses(other, product), statuses(taster, product)) == ({"RESTRICTED"}, {"SUBSCRIBED"})
