"""requestAccess and requestMaskingException: bodies, answers, doubles (contract section 5)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from tests.wire.immuta.door import (
    CUID,
    Caller,
    Marketplace,
    check_request,
    path_of,
    request_path,
    worded,
)
from tests.wire.immuta.operations import ABSENT
from tests.wire.raw import Doc

BAD_USERS: list[Any] = [None, 1, True, [], {}, "", "ann", "ada.moen@nav.no", ABSENT[:-1], [ABSENT]]
BAD_COLUMNS: list[Any] = [
    None,
    [],
    "x",
    1,
    {},
    [1],
    [None],
    [[]],
    ["name"],
    [{}],
    [{"columnName": "x"}],
    [{"columnName": 1, "sourceId": "{source}"}],
    [{"columnName": None, "sourceId": "{source}"}],
    [{"columnName": "x", "sourceId": 1}],
    [{"columnName": "x", "sourceId": None}],
    [{"columnName": "x", "sourceId": "nowhere"}],
    [{"sourceId": "{source}"}],
]
FORMS: list[Any] = [
    None,
    {},
    [],
    "",
    "text",
    0,
    False,
    {"why": "audit", "list": [1, [2, [3]]], "null": None},
    [{"fieldId": ABSENT, "value": ["a", "b"]}],
    {"emoji": "\N{HOT BEVERAGE}", "sign": "\u2028", "key with \n": ' "\\'},
    {"__proto__": {"a": 1}, "": "empty key", "$set": 1, "a.b": 2},
    "x" * 200_000,
]


@pytest.mark.parametrize("user", BAD_USERS, ids=repr)
@pytest.mark.parametrize("kind", ["request", "request/masking-exception"])
def test_bad_users(place: Marketplace, other: Caller, still: Doc, kind: str, user: Any) -> None:
    worded(other.call("POST", path_of(still, kind), place.masking_body(ABSENT) | {"user": user}), 400)


@pytest.mark.parametrize("kind", ["request", "request/masking-exception"])
def test_a_missing_user(place: Marketplace, other: Caller, still: Doc, kind: str) -> None:
    body = place.masking_body("")
    del body["user"]
    worded(other.call("POST", path_of(still, kind), body), 400)


@pytest.mark.parametrize("kind", ["request", "request/masking-exception"])
def test_an_unknown_user(place: Marketplace, other: Caller, still: Doc, kind: str) -> None:
    worded(other.call("POST", path_of(still, kind), place.masking_body(str(uuid4()))), 400, 404)


@pytest.mark.parametrize("columns", BAD_COLUMNS, ids=range(len(BAD_COLUMNS)))
def test_bad_columns(place: Marketplace, other: Caller, still: Doc, columns: Any) -> None:
    sent = json.loads(json.dumps(columns).replace("{source}", place.sources[0]))
    body = {"user": other.id, "columns": sent}
    worded(other.call("POST", path_of(still, "request", "masking-exception"), body), 400)


def test_columns_are_required(other: Caller, still: Doc) -> None:
    worded(other.call("POST", path_of(still, "request", "masking-exception"), {"user": other.id}), 400)


def test_a_source_that_the_product_lacks(place: Marketplace, other: Caller) -> None:
    product = place.product(dataSources=place.attached(place.sources[1]))
    worded(other.call("POST", path_of(product, "request", "masking-exception"), place.masking_body(other.id)), 400)


@pytest.mark.parametrize("form", FORMS, ids=range(len(FORMS)))
def test_the_form_comes_back_untouched(place: Marketplace, other: Caller, form: Any) -> None:
    product = place.product()
    request = place.request(product, other, form=form)
    check_request(request)
    assert request["form"] == form
    assert other.get(request_path(request)) == request
    assert other.get(path_of(product, "request"))["data"] == [request]


@pytest.mark.parametrize(
    "number",
    ["1.10", "0.1", "12345678901234567890123", "1e300", "-0.0", "1E5", "9007199254740993", "0.30000000000000004"],
)
def test_numbers_in_forms_keep_their_value(place: Marketplace, other: Caller, number: str) -> None:
    product = place.product()
    body = f'{{"user": "{other.id}", "form": {{"n": {number}}}}}'.encode()
    sent = other.send("POST", path_of(product, "request"), body, other.headers | {"content-type": "application/json"})
    assert sent.status == 201, sent
    exact = other.call("GET", request_path(sent.json())).exact()
    assert Decimal(exact["form"]["n"]) == Decimal(number)


def test_without_a_form(place: Marketplace, other: Caller) -> None:
    request = place.request(place.product(), other)
    check_request(request)
    assert "form" not in request
    assert "expiration" not in request


def test_for_oneself(place: Marketplace, other: Caller) -> None:
    product = place.product(description="What it is")
    request = place.request(product, other)
    assert (request["type"], request["status"]) == ("DATA_ACCESS", "PENDING")
    assert request["user"] == request["requestingUser"]
    assert request["user"]["globalUserId"] == other.id
    assert request["createdAt"] == request["updatedAt"]
    shown = {name: product[name] for name in ("id", "name", "description")}
    assert request["dataProduct"] == shown


@pytest.mark.parametrize("index", range(4))
def test_for_somebody_else(place: Marketplace, other: Caller, index: int) -> None:
    request = place.request(place.product(), other, place.users[index])
    assert request["user"]["globalUserId"] == place.users[index]
    assert request["requestingUser"]["globalUserId"] == other.id


def test_the_user_is_the_one_that_is_signed_in(place: Marketplace, other: Caller) -> None:
    request = place.request(place.product(), other)
    me = other.get("/api/auth/user")
    assert request["user"] == {name: me[name] for name in request["user"]}


def test_the_version_of_the_form(place: Marketplace, other: Caller) -> None:
    product = place.product()
    form = other.get(path_of(product, "request-forms"))[0]
    assert place.request(product, other)["formVersion"] == form["version"]


def test_unknown_keys_are_ignored(place: Marketplace, other: Caller) -> None:
    extra: Doc = {
        "status": "APPROVED",
        "type": "MASKING_EXCEPTION",
        "expiration": "2030-01-01",
        "columns": 1,
        "id": ABSENT,
    }
    request = place.request(place.product(), other, **extra)
    check_request(request)
    assert (request["status"], request["type"]) == ("PENDING", "DATA_ACCESS")
    assert "expiration" not in request


def test_a_masking_exception(place: Marketplace, other: Caller) -> None:
    product = place.product(dataSources=place.attached(*place.sources))
    columns = [{"columnName": name, "sourceId": source} for source, name in (place.column, (place.sources[1], "farm"))]
    request = place.masking(product, other, columns=columns, form={"why": "audit"})
    check_request(request)
    assert (request["type"], request["status"]) == ("MASKING_EXCEPTION", "PENDING")
    assert (request["metadata"], request["form"]) == ({"columns": columns}, {"why": "audit"})
    page = other.get(request_path(request, "masking-exception-columns"))
    assert page["meta"]["totalCount"] == 2
    assert {(one["name"], one["sourceId"]) for one in page["data"]} == {
        (one["columnName"], one["sourceId"]) for one in columns
    }


@pytest.mark.parametrize("earlier", ["PENDING", "APPROVED"])
@pytest.mark.parametrize("asking", ["request", "masking"])
def test_a_second_request(place: Marketplace, other: Caller, owner: Caller, earlier: str, asking: str) -> None:
    form = {"PENDING": place.form, "APPROVED": place.open_form}[earlier]
    product = place.product(dataSources=place.attached(), requestFormId=form)
    first = getattr(place, asking)(product, other)
    assert first["status"] == earlier
    path = path_of(product, {"request": "request", "masking": "request/masking-exception"}[asking])
    for caller in (other, owner):
        worded(caller.call("POST", path, place.masking_body(other.id)), 409)
    assert other.get(path_of(product, "request"))["data"] == [first]
    assert getattr(place, asking)(product, other, place.users[0])["status"] == earlier


def test_both_types_side_by_side(place: Marketplace, other: Caller) -> None:
    product = place.product(dataSources=place.attached())
    requests = [place.request(product, other), place.masking(product, other)]
    assert {one["type"] for one in requests} == {"DATA_ACCESS", "MASKING_EXCEPTION"}
    assert other.get(path_of(product, "request"))["meta"]["totalCount"] == 2


@pytest.mark.parametrize("asking", ["request", "masking"])
@pytest.mark.parametrize("final", ["DENIED", "CANCELED", "REVOKED"])
def test_again_after_the_end(place: Marketplace, manager: Caller, other: Caller, final: str, asking: str) -> None:
    product = place.product(dataSources=place.attached())
    first = getattr(place, asking)(product, other)
    ends: dict[str, list[Any]] = {
        "DENIED": [lambda: place.determine(first, "DENIED")],
        "CANCELED": [lambda: other.ok("DELETE", request_path(first), status=204)],
        "REVOKED": [
            lambda: place.determine(first),
            lambda: manager.ok("DELETE", path_of(product, "request", first["id"]), status=204),
        ],
    }
    for step in ends[final]:
        step()
    assert other.get(request_path(first))["status"] == final
    second = getattr(place, asking)(product, other)
    assert (second["status"], second["id"] != first["id"]) == ("PENDING", True)
    place.determine(second)
    assert other.get(request_path(first))["status"] == final


def test_ids_are_cuids(place: Marketplace, other: Caller) -> None:
    product = place.product(dataSources=place.attached())
    ids = {place.request(product, other, user)["id"] for user in place.users}
    assert len(ids) == len(place.users)
    assert all(CUID.match(id) for id in ids)
