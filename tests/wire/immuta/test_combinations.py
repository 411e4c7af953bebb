"""Filters together, orders, pages: each answer is compared with what the whole list says (contract sections 3, 5)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product as every
from typing import Any
from uuid import uuid4

import pytest

from tests.wire.immuta.door import Caller, Marketplace, check_meta, path_of, request_path, worded
from tests.wire.raw import Doc

LIVE = {"PENDING", "APPROVED"}
STATUSES: list[list[str]] = [[], ["PENDING"], ["APPROVED"], ["DENIED", "REVOKED"], ["CANCELED", "EXPIRED"], ["NONE"]]
TYPES: list[list[str]] = [[], ["DATA_ACCESS"], ["MASKING_EXCEPTION"], ["DATA_ACCESS", "MASKING_EXCEPTION"]]
TRUTHS = [None, "true", "false"]
PEOPLE: list[list[int]] = [[], [0], [1, 2], [-1]]
TEXTS = ["", "@nav.no", "nobody at all"]


@pytest.fixture(scope="session")
def story(place: Marketplace, manager: Caller, other: Caller) -> Doc:
    """A product with requests of every state and both types, some of them for a time."""
    product = place.product(dataSources=place.attached(*place.sources), description="Combined")
    for number, user in enumerate(place.users):
        asked = place.request(product, manager, user)
        (
            lambda asked: None,
            place.determine,
            lambda asked: place.determine(asked, duration=2, durationUnit="DAYS"),
            lambda asked: place.determine(asked, "DENIED"),
            lambda asked: manager.ok("DELETE", request_path(asked), status=204),
            lambda asked: (place.determine(asked), revoked(manager, product, asked)),
        )[number % 6](asked)
    for number, user in enumerate(place.users[:4]):
        asked = place.masking(product, manager, user)
        (
            lambda asked: place.determine(asked, duration=1, durationUnit="WEEKS"),
            lambda asked: place.determine(asked, "DENIED"),
            lambda asked: None,
            place.determine,
        )[number](asked)
    place.request(product, other)
    return product


def revoked(manager: Caller, product: Doc, asked: Doc) -> Any:
    return manager.ok("DELETE", path_of(product, "request", asked["id"]), status=204)


@pytest.fixture(scope="session")
def whole(story: Doc, manager: Caller) -> list[Doc]:
    """Every request of that product, the latest first."""
    found: list[Doc] = manager.get(path_of(story, "request"), limit=100)["data"]
    assert len(found) == 13
    return found


def chosen(place: Marketplace, people: list[int]) -> list[str]:
    """Ids of users; -1 is somebody who never asked."""
    return [str(uuid4()) if number < 0 else place.users[number] for number in people]


def asked_for(**filters: Any) -> Doc:
    """The query without what is not asked."""
    return {name: value for name, value in filters.items() if value not in (None, [], "")}


def fits(one: Doc, status: list[str], kind: list[str], ends: str | None, users: list[str], text: str) -> bool:
    """What the contract says of these filters."""
    about = [one["user"]["name"], one["user"]["username"], one["user"]["email"] or "", one["dataProduct"]["name"]]
    return (
        (not status or one["status"] in status)
        and (not kind or one["type"] in kind)
        and (ends is None or ("expiration" in one) == (ends == "true"))
        and (not users or one["user"]["globalUserId"] in users)
        and any(text.casefold() in word.casefold() for word in about)
    )


@pytest.mark.parametrize("people", PEOPLE, ids=str)
@pytest.mark.parametrize(("status", "kind", "ends"), [*every(STATUSES, TYPES, TRUTHS)], ids=str)
def test_filters_of_requests_together(
    place: Marketplace,
    manager: Caller,
    story: Doc,
    whole: list[Doc],
    status: list[str],
    kind: list[str],
    ends: str | None,
    people: list[int],
) -> None:
    users = chosen(place, people)
    wanted = asked_for(status=status, type=kind, expiration=ends, userIds=users)
    matching = [one for one in whole if fits(one, status, kind, ends, users, "")]
    found = manager.get(path_of(story, "request"), limit=100, **wanted)
    assert found["data"] == matching
    check_meta(found["meta"], 0, 100, len(matching), len(matching))
    members = manager.get(path_of(story, "members"), limit=100, **wanted)["data"]
    assert members == [one for one in matching if one["status"] == "APPROVED"]
    live = manager.get(path_of(story, "request"), limit=100, historical="false", **wanted)["data"]
    assert live == [one for one in matching if one["status"] in LIVE]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(("status", "ends"), [*every(STATUSES, TRUTHS)], ids=str)
def test_texts_and_other_filters_together(
    manager: Caller, story: Doc, whole: list[Doc], text: str, status: list[str], ends: str | None
) -> None:
    wanted = asked_for(status=status, expiration=ends, searchText=text)
    found = manager.get(path_of(story, "request"), limit=100, **wanted)["data"]
    assert found == [one for one in whole if fits(one, status, [], ends, [], text)]


@pytest.mark.parametrize(("status", "kind", "ends"), [*every(STATUSES, TYPES, TRUTHS)], ids=str)
def test_the_list_of_all_has_the_same_filters(
    manager: Caller,
    story: Doc,
    whole: list[Doc],
    status: list[str],
    kind: list[str],
    ends: str | None,
) -> None:
    wanted = asked_for(**{"status[]": status, "type[]": kind}, expiration=ends)
    found = manager.get("/api/access-request", limit=100, dataProductId=story["id"], **wanted)["data"]
    assert found == [one for one in whole if fits(one, status, kind, ends, [], "")]


KEYS: dict[str, Callable[[Doc], str]] = {
    "createdAt": lambda one: str(one["createdAt"]),
    "updatedAt": lambda one: str(one["updatedAt"]),
    "status": lambda one: str(one["status"]),
    "dataProduct": lambda one: str(one["dataProduct"]["name"]),
    "expiration": lambda one: str(one.get("expiration", "")),
}


@pytest.mark.parametrize("status", [[], ["APPROVED"], ["PENDING", "DENIED"]], ids=str)
@pytest.mark.parametrize(("sort", "order", "size"), [*every(KEYS, ["asc", "desc"], [1, 4, 100])])
@pytest.mark.parametrize("path", ["request", "members"])
def test_pages_of_every_order(
    manager: Caller, story: Doc, whole: list[Doc], sort: str, order: str, size: int, status: list[str], path: str
) -> None:
    wanted = asked_for(status=status, sortBy=sort, sortOrder=order)
    total = manager.get(path_of(story, path), limit=1, **wanted)["meta"]["totalCount"]
    pages = [manager.get(path_of(story, path), limit=size, offset=at, **wanted) for at in range(0, total + size, size)]
    for page in pages:
        check_meta(page["meta"], page["meta"]["offset"], size, total, len(page["data"]))
    shown = [one for page in pages for one in page["data"]]
    kept = [one for one in whole if not status or one["status"] in status]
    expected = {one["id"] for one in kept if path == "request" or one["status"] == "APPROVED"}
    assert {one["id"] for one in shown} == expected
    assert len(shown) == total == len(expected)
    keys = [KEYS[sort](one) for one in shown]
    assert keys == sorted(keys, reverse=order == "desc")


BAD = [
    *(("status", word) for word in ("approved", "PENDING ", "OPEN", "")),
    *(("type", word) for word in ("data", "DATA", "")),
    *(("expiration", word) for word in ("yes", "1", "", "TRUE")),
    *(("historical", word) for word in ("no", "0", "")),
    *(("sortBy", word) for word in ("name", "created", "")),
    *(("sortOrder", word) for word in ("ASC", "down", "")),
    *(("limit", word) for word in ("0", "-1", "1.5", "x", "", "1e3", "99999999999999999999")),
    *(("offset", word) for word in ("-1", "1.5", "x", "", "0x1")),
    *(("userIds", word) for word in ("me", "", "c0ffee")),
    *(("dataProductId", word) for word in ("x", "")),
    *(("assetId", word) for word in ("x", "")),
    *(("reviewStatus", word) for word in ("mine", "")),
]


@pytest.mark.parametrize(("name", "word"), BAD)
@pytest.mark.parametrize("more", [{}, {"limit": "5"}, {"status": "APPROVED", "sortBy": "status"}], ids=str)
def test_one_bad_parameter_among_good_ones(manager: Caller, story: Doc, name: str, word: str, more: Doc) -> None:
    worded(manager.call("GET", path_of(story, "request"), **more | {name: word}), 400)


@pytest.fixture(scope="session")
def shelf(place: Marketplace, manager: Caller, other: Caller) -> Doc:
    """Products of one beginning that the other person asked for, with what became of it."""
    begin = f"Shelf {uuid4().hex}"
    for number in range(7):
        product = place.product(name=f"{begin} {number}")
        (
            lambda product: None,
            lambda product: place.request(product, other),
            lambda product: place.determine(place.request(product, other)),
            lambda product: place.determine(place.request(product, other), duration=3, durationUnit="MONTHS"),
            lambda product: place.determine(place.request(product, other), "DENIED"),
            lambda product: other.ok("DELETE", request_path(place.request(product, other)), status=204),
            lambda product: place.request(product, other, place.users[0]),
        )[number](product)
    return {"begin": begin}


PRODUCT_STATUSES: list[list[str]] = [
    *([], ["NONE"], ["PENDING"], ["APPROVED"], ["DENIED", "CANCELED"], ["PUBLISHER"]),
    *(["REVOKED", "EXPIRED"], ["APPROVED", "NONE"]),
]
ROLES: list[list[str]] = [[], ["member"], ["noRole"], ["manager"], ["steward"], ["member", "noRole"]]


def role_of(caller: str, one: Doc) -> set[str]:
    """The roles of the manager and of somebody without any standing in products of no team."""
    held = {"manager"} if caller == "MANAGER" else set()
    held |= {"member"} if one["status"] == "APPROVED" else set()
    return held or {"noRole"}


@pytest.mark.parametrize("caller", ["OTHER", "MANAGER"])
@pytest.mark.parametrize(("status", "roles", "ends"), [*every(PRODUCT_STATUSES, ROLES, TRUTHS)], ids=str)
def test_filters_of_the_search_together(
    place: Marketplace, shelf: Doc, caller: str, status: list[str], roles: list[str], ends: str | None
) -> None:
    who = place.caller(caller)
    all_of_it: list[Doc] = who.get("/api/data-product", nameFilter=shelf["begin"].upper(), limit=100)["data"]
    assert len(all_of_it) == 7
    wanted = asked_for(statusFilter=status, roleFilter=roles, expiration=ends)
    expected = [
        one
        for one in all_of_it
        if (not status or one["status"] in status)
        and (not roles or not role_of(caller, one).isdisjoint(roles))
        and (ends is None or (one.get("expiration") is not None) == (ends == "true"))
    ]
    found = who.get("/api/data-product", nameFilter=shelf["begin"], limit=100, **wanted)
    assert (found["data"], found["meta"]) == (expected, {"nextToken": None, "limit": 100})


@pytest.mark.parametrize(("size", "order"), [*every([1, 2, 3, 7, 8], ["asc", "desc"])])
@pytest.mark.parametrize("status", [[], ["NONE"], ["APPROVED", "PENDING"]], ids=str)
def test_pages_of_the_search(other: Caller, shelf: Doc, size: int, order: str, status: list[str]) -> None:
    wanted = asked_for(statusFilter=status, sortOrder=order, sortBy="name") | {"nameFilter": shelf["begin"]}
    names: list[str] = []
    token: str | None = ""
    for _ in range(8):
        page = other.get("/api/data-product", limit=size, **wanted | asked_for(nextToken=token))
        names += [one["name"] for one in page["data"]][: len(page["data"]) * (token is not None)]
        token = page["meta"]["nextToken"]
    whole = other.get("/api/data-product", limit=100, **wanted)["data"]
    assert names[: len(whole)] == [one["name"] for one in whole]
    assert names[: len(whole)] == sorted(names[: len(whole)], reverse=order == "desc")


COLUMN_FILTERS: list[Doc] = [{}, {"maskedOnly": "true"}, {"maskedOnly": "false"}]


@pytest.mark.parametrize("filters", COLUMN_FILTERS, ids=str)
@pytest.mark.parametrize("tag", [None, "pii", "no such tag"])
@pytest.mark.parametrize("text", ["", "a", "_", "NO"])
@pytest.mark.parametrize("sources", [0, 1, 2])
def test_filters_of_columns_together(
    place: Marketplace, manager: Caller, still: Doc, filters: Doc, tag: str | None, text: str, sources: int
) -> None:
    whole = manager.get(path_of(still, "columns"), limit=500)["data"]
    named = place.sources[:sources]
    wanted = asked_for(dataSourceIds=named, searchText=text, tagIds=tag) | filters
    found = manager.get(path_of(still, "columns"), limit=500, **wanted)
    expected = [
        one
        for one in whole
        if (not named or one["sourceId"] in named)
        and text.casefold() in one["name"].casefold()
        and (tag is None or tag in one["tags"])
        and (filters.get("maskedOnly") != "true" or one["globalPolicyInfo"] or one["localPolicyInfo"])
    ]
    assert found["data"] == expected
    check_meta(found["meta"], 0, 500, len(expected), len(expected))
