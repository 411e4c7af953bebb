"""Lists of requests and members: every filter and order (contract sections 1, 5 and 7)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.immuta.door import Caller, Marketplace, check_meta, check_request, path_of, request_path, worded
from tests.wire.immuta.operations import ABSENT, ABSENT_CUID
from tests.wire.immuta.test_columns import BAD_OFFSET_LISTS
from tests.wire.raw import Doc

BAD = [
    *BAD_OFFSET_LISTS,
    *(("sortBy", value) for value in ("name", "Status", "id", "dataproduct")),
    *(("status", value) for value in ("pending", "ALL", "BLOCKED", ["PENDING", "x"])),
    *(("type", value) for value in ("data_access", "OTHER")),
    *(("reviewStatus", value) for value in ("reviewed", "NOREVIEWS")),
    *(("expiration", value) for value in ("yes", "1")),
    *(("userIds", value) for value in ("x", [ABSENT, "x"])),
    *(("assetId", value) for value in ("x", "1")),
    *(("dataProductId", value) for value in ("x", "1")),
]
LABELS = ["pending", "approved", "temporary", "denied", "canceled", "revoked"]
MASKED = ["masked", "unmasked"]
ALL = LABELS + MASKED
LIVE = {"pending", "approved", "temporary", "masked", "unmasked"}
MEMBERS = {"approved", "temporary", "unmasked"}


@pytest.fixture(scope="module")
def asked(place: Marketplace, manager: Caller, other: Caller) -> Doc:
    """One request in each state; `masked` is a pending exception, `unmasked` an approved one."""
    product = place.product(dataSources=place.attached(), description="Listed")
    made = {label: place.request(product, other, user) for label, user in zip(LABELS, place.users, strict=False)}
    made |= {label: place.masking(product, other, user) for label, user in zip(MASKED, place.users, strict=False)}
    for label in ("approved", "revoked", "unmasked"):
        place.determine(made[label])
    place.determine(made["temporary"], duration=3, durationUnit="MONTHS")
    place.determine(made["denied"], "DENIED")
    other.ok("DELETE", request_path(made["canceled"]), status=204)
    manager.ok("DELETE", path_of(product, "request", made["revoked"]["id"]), status=204)
    return {"product": product, "ids": {request["id"]: label for label, request in made.items()}}


def page(caller: Caller, asked: Doc, kind: str = "request", **query: Any) -> list[str]:
    """Labels of a list, in its order."""
    found = caller.get(path_of(asked["product"], kind), **({"limit": 100} | query))
    assert found["meta"]["totalCount"] >= len(found["data"])
    return [asked["ids"][one["id"]] for one in found["data"]]


@pytest.mark.parametrize(("name", "value"), BAD, ids=str)
@pytest.mark.parametrize("kind", ["request", "members"])
def test_bad_parameters(other: Caller, still: Doc, kind: str, name: str, value: Any) -> None:
    worded(other.call("GET", path_of(still, kind), **{name: value}), 400)


@pytest.mark.parametrize(("name", "value"), [*BAD, ("role", "member"), ("role", ["manager", "x"])], ids=str)
def test_bad_parameters_of_the_list_of_all(other: Caller, name: str, value: Any) -> None:
    worded(other.call("GET", "/api/access-request", **{name: value}), 400)


@pytest.mark.parametrize(("name", "value"), [("historical", "yes"), ("historical", "0")])
def test_bad_parameters_of_requests_alone(other: Caller, still: Doc, name: str, value: str) -> None:
    worded(other.call("GET", path_of(still, "request"), **{name: value}), 400)


def test_every_item_is_a_whole_request(other: Caller, asked: Doc) -> None:
    for kind in ("request", "members"):
        for one in other.get(path_of(asked["product"], kind), limit=100)["data"]:
            check_request(one)
            assert other.get(request_path(one)) == one


FILTERS: list[tuple[Doc, set[str]]] = [
    ({}, set(ALL)),
    ({"historical": "true"}, set(ALL)),
    ({"historical": "false"}, LIVE),
    ({"includeTemporary": "true"}, set(ALL)),
    ({"includeTemporary": "false"}, set(ALL)),
    ({"status": "PENDING"}, {"pending", "masked"}),
    ({"status": "APPROVED"}, MEMBERS),
    ({"status": "DENIED"}, {"denied"}),
    ({"status": "CANCELED"}, {"canceled"}),
    ({"status": "REVOKED"}, {"revoked"}),
    ({"status": "EXPIRED"}, set()),
    ({"status": "NONE"}, set()),
    ({"status": ["DENIED", "REVOKED"]}, {"denied", "revoked"}),
    ({"status[]": ["DENIED", "REVOKED"]}, {"denied", "revoked"}),
    ({"status": ["DENIED", "PENDING"], "historical": "false"}, {"pending", "masked"}),
    ({"type": "DATA_ACCESS"}, set(LABELS)),
    ({"type": "MASKING_EXCEPTION"}, set(MASKED)),
    ({"type[]": ["MASKING_EXCEPTION", "DATA_ACCESS"]}, set(ALL)),
    ({"type": "MASKING_EXCEPTION", "status": "APPROVED"}, {"unmasked"}),
    ({"expiration": "true"}, {"temporary"}),
    ({"expiration": "false"}, set(ALL) - {"temporary"}),
    ({"assetId": ABSENT}, set()),
    ({"dataProductId": ABSENT}, set()),
    ({"dataProductId": ABSENT_CUID}, set()),
    ({"searchText": ""}, set(ALL)),
    ({"searchText": "nobody is called so"}, set()),
    ({"searchText": "%"}, set()),
    ({"userIds": ABSENT}, set()),
    ({"reviewStatus": "awaitingReviewFromYou"}, {"pending", "masked"}),
    ({"reviewStatus": "reviewedByYou"}, {"approved", "temporary", "unmasked", "denied", "revoked"}),
    ({"reviewStatus": "noReviews"}, {"pending", "masked", "canceled"}),
    ({"reviewStatus": ["awaitingReviewFromYou", "reviewedByYou"]}, set(ALL) - {"canceled"}),
]

QUERIES = [str(query) for query, _ in FILTERS]
TIMELESS = [query for query in QUERIES if "historical" not in query]


@pytest.mark.parametrize(("query", "expected"), FILTERS, ids=QUERIES)
def test_filters_of_requests(manager: Caller, asked: Doc, query: Doc, expected: set[str]) -> None:
    assert set(page(manager, asked, **query)) == expected


@pytest.mark.parametrize(("query", "expected"), [one for one in FILTERS if "historical" not in one[0]], ids=TIMELESS)
def test_filters_of_members(manager: Caller, asked: Doc, query: Doc, expected: set[str]) -> None:
    assert set(page(manager, asked, "members", **query)) == expected & MEMBERS


@pytest.mark.parametrize(("query", "expected"), [one for one in FILTERS if "historical" not in one[0]], ids=TIMELESS)
def test_filters_of_the_list_of_all(manager: Caller, asked: Doc, query: Doc, expected: set[str]) -> None:
    mine = {"dataProductId": asked["product"]["id"], "limit": 100} | query
    found = manager.get("/api/access-request", **mine)["data"]
    assert {asked["ids"].get(one["id"], "another") for one in found} == expected


@pytest.mark.parametrize("word", ["awaitingReviewFromYou", "reviewedByYou"])
def test_reviews_are_the_callers(other: Caller, asked: Doc, word: str) -> None:
    assert page(other, asked, reviewStatus=word) == []


@pytest.mark.parametrize("key", ["userIds", "userIds[]"])
def test_users(place: Marketplace, other: Caller, asked: Doc, key: str) -> None:
    one: Doc = {key: place.users[0]}
    two: Doc = {key: place.users[2:4]}
    assert set(page(other, asked, **one)) == {"pending", "masked"}
    assert set(page(other, asked, **two)) == {"temporary", "denied"}
    assert page(other, asked, userIds=other.id) == []
    assert set(page(other, asked, "members", userIds=place.users[:3])) == MEMBERS


@pytest.mark.parametrize("field", ["name", "username", "email"])
@pytest.mark.parametrize("change", [str.upper, str.lower, lambda text: text[:-1]])
def test_search_text_finds_users(other: Caller, asked: Doc, field: str, change: Any) -> None:
    every = other.get(path_of(asked["product"], "request"), limit=100)["data"]
    user = next(one["user"] for one in every if asked["ids"][one["id"]] == "denied")
    assert "denied" in page(other, asked, searchText=change(user[field]))
    assert "approved" not in page(other, asked, searchText=change(user[field]))


def test_search_text_finds_products(other: Caller, asked: Doc) -> None:
    assert set(page(other, asked, searchText=asked["product"]["name"].upper())) == set(ALL)


@pytest.mark.parametrize("kind", ["request", "members"])
@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("field", ["status", "createdAt", "updatedAt", "dataProduct"])
def test_orders(other: Caller, asked: Doc, kind: str, field: str, order: str) -> None:
    found = other.get(path_of(asked["product"], kind), limit=100, sortBy=field, sortOrder=order)["data"]
    values = [one[field]["name"] if field == "dataProduct" else one[field] for one in found]
    assert values == sorted(values, reverse=order == "desc")
    assert len(values) == len({"request": ALL, "members": MEMBERS}[kind])


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_order_by_expiration(place: Marketplace, other: Caller, order: str) -> None:
    product = place.product()
    for days, user in zip((5, 1, 9), place.users, strict=False):
        place.determine(place.request(product, other, user), duration=days, durationUnit="DAYS")
    found = other.get(path_of(product, "members"), sortBy="expiration", sortOrder=order)["data"]
    values = [one["expiration"] for one in found]
    assert values == sorted(values, reverse=order == "desc")


def test_the_default_order(other: Caller, asked: Doc) -> None:
    assert page(other, asked) == ALL[::-1]
    assert page(other, asked, sortOrder="asc") == ALL
    assert page(other, asked, sortBy="createdAt") == ALL[::-1]


@pytest.mark.parametrize(
    ("offset", "limit"), [(0, 1), (0, 3), (3, 3), (6, 3), (7, 1), (8, 5), (100, 2), (0, 8), (0, 900)]
)
@pytest.mark.parametrize("kind", ["request", "members"])
def test_pages(other: Caller, asked: Doc, kind: str, offset: int, limit: int) -> None:
    found = other.get(path_of(asked["product"], kind), offset=offset, limit=limit)
    expected = page(other, asked, kind)
    assert [asked["ids"][one["id"]] for one in found["data"]] == expected[offset : offset + limit]
    check_meta(found["meta"], offset, limit, len(expected), len(found["data"]))


def test_the_pages_of_a_filter(other: Caller, asked: Doc) -> None:
    found = other.get(path_of(asked["product"], "request"), status=["DENIED", "REVOKED", "CANCELED"], limit=2, offset=2)
    assert [asked["ids"][one["id"]] for one in found["data"]] == ["denied"]
    check_meta(found["meta"], 2, 2, 3, 1)


def test_the_defaults(place: Marketplace, other: Caller, asked: Doc) -> None:
    check_meta(other.get(path_of(asked["product"], "request"))["meta"], 0, 10, 8, 8)
    check_meta(other.get(path_of(place.product(), "request"))["meta"], 0, 10, 0, 0)
    assert other.get("/api/access-request")["meta"]["limit"] == 10


def test_whose_requests(place: Marketplace, manager: Caller, owner: Caller, other: Caller, asked: Doc) -> None:
    mine: Doc = {"dataProductId": asked["product"]["id"], "limit": 100}
    found = {
        (name, role): len(caller.get("/api/access-request", **mine, role=role)["data"])
        for name, caller in (("manager", manager), ("owner", owner), ("other", other))
        for role in ("requestor", "manager", "steward")
    }
    assert found["other", "requestor"] == 8
    assert found["manager", "manager"] == 8
    assert {found[pair] for pair in found if pair[0] == "owner"} == {0}
    assert (found["other", "manager"], found["other", "steward"], found["manager", "requestor"]) == (0, 0, 0)
    assert len(manager.get("/api/access-request", **mine, **{"role[]": ["manager", "requestor"]})["data"]) == 8


def test_requests_of_products_do_not_mix(place: Marketplace, other: Caller, asked: Doc) -> None:
    product = place.product()
    request = place.request(product, other)
    assert [one["id"] for one in other.get(path_of(product, "request"))["data"]] == [request["id"]]
    assert request["id"] not in asked["ids"]
    assert len(page(other, asked)) == 8
