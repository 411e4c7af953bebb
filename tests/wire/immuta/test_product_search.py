"""searchDataProducts: envelope, parameters, tokens (contract sections 1 and 3)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.wire.immuta.door import Caller, Marketplace, check_product, path_of, worded
from tests.wire.raw import Doc

PATH = "/api/data-product"
BAD_TOKEN_LISTS: list[tuple[str, Any]] = [
    *(("limit", value) for value in ("0", "-1", "101", "1000", "x", "1.5", "1e1", "0x1", " 1", "")),
    *(("sortOrder", value) for value in ("up", "ascending", "1")),
    *(("nextToken", value) for value in ("x", "AAAA", "x" * 3000, "%", "\N{BLACK HEART SUIT}")),
]
BAD = [
    *BAD_TOKEN_LISTS,
    *(("sortBy", value) for value in ("createdAt", "status", "Name", "id")),
    *(("expiration", value) for value in ("yes", "1", "TRUE ", "maybe")),
    *(("statusFilter", value) for value in ("pending", "ALL", "BLOCKED", ["PENDING", "x"])),
    *(("roleFilter", value) for value in ("owner", "MEMBER", ["member", "x"])),
]


def walked(caller: Caller, target: str, **query: Any) -> list[Doc]:
    """All pages, token by token."""
    page = caller.get(target, **query)
    found: list[Doc] = page["data"]
    while token := page["meta"]["nextToken"]:
        page = caller.get(target, **query, nextToken=token)
        assert len(page["data"]) <= page["meta"]["limit"]
        found += page["data"]
    return found


def names(found: list[Doc]) -> list[str]:
    return [one["name"] for one in found]


@pytest.fixture(scope="module")
def word() -> str:
    return f"search {uuid4().hex}"


@pytest.fixture(scope="module")
def seven(place: Marketplace, word: str) -> list[Doc]:
    """Seven products, made out of order."""
    return [place.product(name=f"{word} {number}") for number in (3, 1, 6, 2, 7, 5, 4)]


@pytest.mark.parametrize(("name", "value"), BAD, ids=str)
def test_bad_parameters(other: Caller, name: str, value: Any) -> None:
    worded(other.call("GET", PATH, **{name: value}), 400)


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8, 100])
def test_pages(other: Caller, seven: list[Doc], word: str, limit: int) -> None:
    first = other.get(PATH, nameFilter=word, limit=limit)
    assert first["meta"].keys() == {"nextToken", "limit"}
    assert first["meta"]["limit"] == limit
    assert len(first["data"]) == min(limit, 7)
    assert (first["meta"]["nextToken"] is None) == (limit >= 7)
    assert names(walked(other, PATH, nameFilter=word, limit=limit)) == sorted(names(seven))


@pytest.mark.parametrize("product", range(7))
def test_every_item_is_a_whole_product(other: Caller, seven: list[Doc], word: str, product: int) -> None:
    found = other.get(PATH, nameFilter=seven[product]["name"])["data"]
    check_product(found[0])
    assert found == [other.get(path_of(seven[product]))]


@pytest.mark.parametrize(
    ("query", "backwards"),
    [
        ({}, False),
        ({"sortBy": "name"}, False),
        ({"sortOrder": "asc"}, False),
        ({"sortOrder": "desc"}, True),
        ({"sortBy": "name", "sortOrder": "desc"}, True),
    ],
)
def test_order(other: Caller, seven: list[Doc], word: str, query: Doc, backwards: bool) -> None:
    found = names(walked(other, PATH, nameFilter=word, limit=2, **query))
    assert found == sorted(names(seven), reverse=backwards)


def test_the_default_limit_is_ten(place: Marketplace, other: Caller) -> None:
    mine = f"eleven {uuid4().hex}"
    made = [place.product(name=f"{mine} {number:02}") for number in range(11)]
    page = other.get(PATH, nameFilter=mine)
    assert page["meta"]["limit"] == 10
    assert names(page["data"]) == names(made[:10])


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title, lambda text: text[3:-3]])
def test_a_part_of_the_name_in_any_case(other: Caller, seven: list[Doc], word: str, change: Any) -> None:
    assert names(other.get(PATH, nameFilter=change(word))["data"]) == sorted(names(seven))


@pytest.mark.parametrize("sign", ["_", "\\", "(", ")", "/", "-", "%", ".*", "[a-z]", "'", '"', "?"])
def test_signs_are_only_signs(place: Marketplace, other: Caller, sign: str) -> None:
    mine = uuid4().hex
    place.product(name=f"{mine} plain")
    assert other.get(PATH, nameFilter=f"{mine}{sign}")["data"] == []


@pytest.mark.parametrize("sign", ["_", "\\", "(", ")", "/", "-", " "])
def test_signs_of_names_are_found(place: Marketplace, other: Caller, sign: str) -> None:
    product = place.product(name=f"{uuid4().hex}{sign}x")
    assert names(other.get(PATH, nameFilter=product["name"])["data"]) == [product["name"]]


def test_an_empty_filter_filters_nothing(other: Caller, seven: list[Doc]) -> None:
    plain, empty = (other.get(PATH, limit=3, **query) for query in ({}, {"nameFilter": ""}))
    assert names(plain["data"]) == names(empty["data"])
    assert len(plain["data"]) == 3


@pytest.mark.parametrize(
    "changed",
    [
        {"nameFilter": "another"},
        {"sortOrder": "desc"},
        {"expiration": "true"},
        {"statusFilter": "NONE"},
        {"roleFilter": "noRole"},
    ],
    ids=str,
)
def test_a_token_is_good_for_its_filters_only(other: Caller, seven: list[Doc], word: str, changed: Doc) -> None:
    token = other.get(PATH, nameFilter=word, limit=2)["meta"]["nextToken"]
    worded(other.call("GET", PATH, **({"nameFilter": word, "limit": 2, "nextToken": token} | changed)), 400)


def test_a_token_of_another_list(other: Caller, seven: list[Doc], still: Doc, word: str) -> None:
    sources = other.get(path_of(still, "datasources"), limit=1)["meta"]["nextToken"]
    products = other.get(PATH, limit=1)["meta"]["nextToken"]
    worded(other.call("GET", PATH, limit=1, nextToken=sources), 400)
    worded(other.call("GET", path_of(still, "datasources"), limit=1, nextToken=products), 400)


def test_a_token_may_be_used_again(other: Caller, seven: list[Doc], word: str) -> None:
    token = other.get(PATH, nameFilter=word, limit=3)["meta"]["nextToken"]
    pages = [other.get(PATH, nameFilter=word, limit=3, nextToken=token) for _ in range(2)]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("cut", [slice(0, -1), slice(1, None), slice(None, None, -1)])
def test_a_changed_token(other: Caller, seven: list[Doc], word: str, cut: slice) -> None:
    token = other.get(PATH, nameFilter=word, limit=2)["meta"]["nextToken"]
    worded(other.call("GET", PATH, nameFilter=word, limit=2, nextToken=token[cut]), 400)


STATES = ["NONE", "PENDING", "APPROVED", "DENIED", "CANCELED", "REVOKED"]


@pytest.fixture(scope="module")
def states(place: Marketplace, manager: Caller, other: Caller) -> Doc:
    """A product for each status that the other person can have; `TEMPORARY` is approved for a time."""
    mine = f"states {uuid4().hex}"
    made = {state: place.product(name=f"{mine} {state}") for state in (*STATES, "TEMPORARY")}
    asked = {state: place.request(made[state], other) for state in made if state != "NONE"}
    place.determine(asked["APPROVED"])
    place.determine(asked["TEMPORARY"], duration=2, durationUnit="DAYS")
    place.determine(asked["DENIED"], "DENIED")
    place.determine(asked["REVOKED"])
    other.ok("DELETE", f"/api/access-request/{asked['CANCELED']['id']}", status=204)
    manager.ok("DELETE", path_of(made["REVOKED"], "request", asked["REVOKED"]["id"]), status=204)
    return {"word": mine, "made": made, "asked": asked}


def shown(caller: Caller, states: Doc, **query: Any) -> set[str]:
    return {one["name"].split()[-1] for one in walked(caller, PATH, nameFilter=states["word"], **query)}


@pytest.mark.parametrize("state", STATES)
def test_the_status_is_the_callers(place: Marketplace, other: Caller, states: Doc, state: str) -> None:
    seen = other.get(path_of(states["made"][state]))
    check_product(seen)
    assert seen["status"] == state
    assert seen.get("requestId") == states["asked"].get(state, {}).get("id")


@pytest.mark.parametrize("state", STATES)
def test_status_filter(other: Caller, states: Doc, state: str) -> None:
    expected = {state, "TEMPORARY"} if state == "APPROVED" else {state}
    assert shown(other, states, statusFilter=state) == expected
    assert shown(other, states, **{"statusFilter[]": [state]}) == expected


def test_several_statuses(other: Caller, states: Doc) -> None:
    assert shown(other, states, statusFilter=["DENIED", "REVOKED"]) == {"DENIED", "REVOKED"}
    assert shown(other, states, statusFilter=["PUBLISHER", "EXPIRED"]) == set()


def test_the_publisher(manager: Caller, states: Doc) -> None:
    assert shown(manager, states, statusFilter="PUBLISHER") == {*STATES, "TEMPORARY"}
    assert shown(manager, states, statusFilter="NONE") == set()


def test_somebody_else_has_no_status(owner: Caller, states: Doc) -> None:
    assert shown(owner, states, statusFilter="NONE") == {*STATES, "TEMPORARY"}


def test_expiration(other: Caller, states: Doc) -> None:
    assert shown(other, states, expiration="true") == {"TEMPORARY"}
    endless = shown(other, states, expiration="false")
    assert "APPROVED" in endless
    assert "TEMPORARY" not in endless
    seen = other.get(path_of(states["made"]["TEMPORARY"]))
    request = other.get(f"/api/access-request/{states['asked']['TEMPORARY']['id']}")
    assert seen["expiration"] == request["expiration"]
    assert other.get(path_of(states["made"]["APPROVED"])).get("expiration") is None


def test_members_and_managers(manager: Caller, owner: Caller, other: Caller, states: Doc) -> None:
    assert shown(other, states, roleFilter="member") == {"APPROVED", "TEMPORARY"}
    assert shown(owner, states, roleFilter="member") == set()
    assert shown(manager, states, roleFilter="manager") == {*STATES, "TEMPORARY"}
    assert shown(other, states, roleFilter="manager") == set()
    assert shown(other, states, roleFilter="steward") == set()
    assert shown(owner, states, roleFilter="noRole") == {*STATES, "TEMPORARY"}
    assert shown(other, states, roleFilter=["member", "noRole"]) == {*STATES, "TEMPORARY"}
    assert shown(manager, states, roleFilter="noRole") == set()


def test_stats_count_every_request(other: Caller, states: Doc) -> None:
    counted = {"PENDING": "pending", "APPROVED": "approved", "DENIED": "denied", "CANCELED": "canceled"}
    for state, word in (counted | {"REVOKED": "revoked"}).items():
        stats = other.get(path_of(states["made"][state]))["stats"]
        assert {name for name, count in stats.items() if count} == {f"{word}RequestCount", "totalRequestCount"}
        assert stats["totalRequestCount"] == 1


def test_an_approved_product_that_is_asked_for_again(place: Marketplace, manager: Caller, other: Caller) -> None:
    product = place.product()
    first = place.request(product, other)
    place.determine(first, "DENIED")
    second = place.request(product, other)
    seen = other.get(path_of(product))
    assert (seen["status"], seen["requestId"]) == ("PENDING", second["id"])
    assert seen["stats"]["totalRequestCount"] == 2


def test_a_masking_exception_is_no_status(place: Marketplace, other: Caller) -> None:
    product = place.product(dataSources=place.attached())
    place.masking(product, other)
    seen = other.get(path_of(product))
    assert (seen["status"], "requestId" in seen) == ("NONE", False)
