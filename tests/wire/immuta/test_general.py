"""Credentials, unknown things, bodies that are none: for every operation (contract sections 1, 2 and 7)."""

from __future__ import annotations

import json
import time
from urllib.parse import quote

import pytest

from tests.wire.immuta.door import Caller, Marketplace, worded
from tests.wire.immuta.operations import (
    ABSENT,
    ABSENT_CUID,
    ALL,
    LISTS,
    PRODUCT_READS,
    PRODUCT_WRITES,
    REQUEST_READS,
    WITH_BODY,
    Operation,
    body_for,
    name,
)
from tests.wire.immuta.people import Issuer
from tests.wire.raw import Doc

JSON = {"content-type": "application/json"}
CREDENTIALS: dict[str, dict[str, str]] = {
    "none": {},
    "no token": {"authorization": "Bearer "},
    "nonsense": {"authorization": "Bearer nonsense"},
    "three parts": {"authorization": "Bearer a.b.c"},
    "basic": {"authorization": "Basic YTpi"},
    "unknown key": {"authorization": "Bearer souk_" + "a" * 49},
}
BROKEN = {
    "empty": b"",
    "cut": b'{"name": ',
    "array": b"[]",
    "null": b"null",
    "number": b"1",
    "text": b'"x"',
    "two": b"{}{}",
    "not a number": b'{"name": NaN}',
    "not utf-8": b'{"name": "\xff\xfe"}',
    "words": b"name=x",
    "deep": b'{"a":' * 100_000,
}
HOSTILE_QUERIES = [
    "limit=%00",
    "limit=1%27%20OR%201=1",
    "limit=99999999999999999999999999",
    "limit=1&limit=0",
    "limit=-1",
    "sortOrder=%FF%FE",
    "sortOrder=asc&sortOrder=up",
    "sortBy=__proto__",
    "limit[$gt]=1",
    "=&&&=&%3D",
    "limit=" + "9" * 5000,
]
HOSTILE_IDS = ["%00", "x" * 900, "..%2F..%2Fetc", "c" + "A" * 24, "0", "%20", "null", "%7B%7D", "%E2%82%AC"]


def filled(operation: Operation, id: str) -> Operation:
    return operation[0], operation[1].replace("{id}", id)


def test_there_are_17_operations_and_20_companions() -> None:
    assert len(set(ALL)) == 17 + 20


@pytest.mark.parametrize("operation", ALL, ids=name)
@pytest.mark.parametrize("headers", CREDENTIALS.values(), ids=CREDENTIALS.keys())
def test_without_a_good_token_nothing_is_allowed(
    place: Marketplace, still: Doc, operation: Operation, headers: dict[str, str]
) -> None:
    body = json.dumps(body_for(operation, place)).encode()
    method, target = filled(operation, still["id"])
    worded(Caller(place.url, "", "").send(method, target, body, headers | JSON), 401)


@pytest.mark.parametrize("operation", ALL, ids=name)
def test_the_token_is_judged_before_anything_else(place: Marketplace, operation: Operation) -> None:
    method, target = filled(operation, ABSENT)
    worded(
        Caller(place.url, "", "").send(method, target + "?limit=no", b"{", {"authorization": "Bearer x"} | JSON), 401
    )


@pytest.mark.parametrize("claims", [{"exp": 1}, {"iss": "elsewhere"}, {"aud": "elsewhere"}, {"nbf": 9_999_999_999}])
def test_tokens_that_say_something_wrong(issuer: Issuer, claims: dict[str, object]) -> None:
    caller = Caller(issuer.place.url, issuer.token(ABSENT, **claims), ABSENT)
    worded(caller.call("GET", "/api/data-product"), 401)


def test_a_token_of_the_right_shape_is_good(issuer: Issuer) -> None:
    caller = Caller(issuer.place.url, issuer.token(ABSENT, nbf=int(time.time()) - 5), ABSENT)
    assert caller.get("/api/auth/user")["globalUserId"] == ABSENT


def test_a_forged_token(other: Caller, place: Marketplace) -> None:
    head, claims, _ = place.env["SOUK_OTHER_TOKEN"].split(".")
    _, _, signature = place.env["SOUK_OWNER_TOKEN"].split(".")
    worded(Caller(place.url, f"{head}.{claims}.{signature}", "").call("GET", "/api/auth/user"), 401)


@pytest.mark.parametrize("word", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_has_no_case(place: Marketplace, word: str) -> None:
    headers = {"authorization": f"{word} {place.env['SOUK_OTHER_TOKEN']}"}
    assert Caller(place.url, "", "").send("GET", "/api/auth/user", None, headers).status == 200


@pytest.mark.parametrize("id", [ABSENT, ABSENT_CUID])
@pytest.mark.parametrize("operation", PRODUCT_READS + PRODUCT_WRITES, ids=name)
def test_unknown_products(place: Marketplace, manager: Caller, operation: Operation, id: str) -> None:
    worded(manager.call(*filled(operation, id), body_for(operation, place)), 404)


@pytest.mark.parametrize("operation", [*REQUEST_READS, ("DELETE", "/api/access-request/{id}")], ids=name)
@pytest.mark.parametrize("id", [ABSENT, ABSENT_CUID])
def test_unknown_requests(manager: Caller, operation: Operation, id: str) -> None:
    worded(manager.call(*filled(operation, id)), 404)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("kind", ["request-form", "data-use-agreement"])
def test_unknown_forms_and_terms(place: Marketplace, manager: Caller, method: str, kind: str) -> None:
    body = body_for((method, f"/api/{kind}/{{id}}"), place)
    worded(manager.call(method, f"/api/{kind}/{ABSENT}", body), 404)


@pytest.mark.parametrize("target", ["approval-record/" + ABSENT_CUID, "approval-record/" + ABSENT])
def test_unknown_approval_records(manager: Caller, target: str) -> None:
    worded(manager.call("PUT", f"/api/{target}", {"status": "APPROVED"}), 404)


def test_unknown_version_of_a_form(manager: Caller) -> None:
    worded(manager.call("GET", f"/api/request-form/version/{ABSENT_CUID}"), 404)


@pytest.mark.parametrize("id", HOSTILE_IDS, ids=range(len(HOSTILE_IDS)))
@pytest.mark.parametrize("operation", PRODUCT_READS + REQUEST_READS + PRODUCT_WRITES[1:2], ids=name)
def test_ids_that_no_product_has(manager: Caller, operation: Operation, id: str) -> None:
    worded(manager.call(*filled(operation, id)), 400, 404)


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("operation", WITH_BODY, ids=name)
def test_bodies_that_are_no_object(manager: Caller, world: Doc, operation: Operation, body: bytes) -> None:
    kind = operation[1].split("/")[2]
    method, target = filled(operation, world[kind])
    worded(manager.send(method, target, body, manager.headers | JSON), 400, 413)


@pytest.mark.parametrize("query", HOSTILE_QUERIES, ids=range(len(HOSTILE_QUERIES)))
@pytest.mark.parametrize("operation", LISTS, ids=name)
def test_hostile_queries_never_break_a_list(other: Caller, still: Doc, operation: Operation, query: str) -> None:
    method, target = filled(operation, still["id"])
    answer = other.send(method, f"{target}?{query}")
    assert answer.status in {200, 400}, answer
    assert answer.kind == "application/json"


@pytest.mark.parametrize("operation", LISTS, ids=name)
def test_unknown_parameters_are_ignored(other: Caller, still: Doc, operation: Operation) -> None:
    method, target = filled(operation, still["id"])
    assert other.call(method, target, colour="red", **{"x[]": ["1", "2"]}).json().keys() == {"data", "meta"}


@pytest.mark.parametrize("operation", PRODUCT_READS, ids=name)
@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html"])
def test_answers_are_json_whatever_is_accepted(other: Caller, still: Doc, operation: Operation, accept: str) -> None:
    method, target = filled(operation, still["id"])
    answer = other.send(method, target, None, other.headers | {"accept": accept})
    assert (answer.status, answer.kind) == (200, "application/json")


@pytest.mark.parametrize("operation", PRODUCT_READS, ids=name)
def test_the_vendors_base_path(other: Caller, still: Doc, operation: Operation) -> None:
    method, target = filled(operation, still["id"])
    assert other.ok(method, "/marketplace" + target) == other.ok(method, target)


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
@pytest.mark.parametrize("target", ["/api/data-product", "/api/access-request", "/api/auth/user"])
def test_methods_that_no_operation_has(manager: Caller, method: str, target: str) -> None:
    worded(manager.call(method, target, {}), 404, 405)


def test_masking_exception_is_never_a_request_id(manager: Caller, still: Doc) -> None:
    worded(manager.call("DELETE", f"/api/data-product/{still['id']}/request/masking-exception"), 404, 405)


def test_a_refusal_says_what_is_wrong(place: Marketplace, manager: Caller) -> None:
    answer = manager.call("POST", "/api/data-product", {"metadata": None, "domains": [], "requestFormId": "x"})
    worded(answer, 400)
    body = answer.json()
    assert body["error"] == "Bad Request"
    told = " ".join([body["message"]] if isinstance(body["message"], str) else body["message"])
    assert all(field in told for field in ("name", "domains", "requestFormId"))


@pytest.mark.parametrize(
    ("status", "error", "target"),
    [(404, "Not Found", f"/api/data-product/{ABSENT}"), (400, "Bad Request", "/api/data-product?limit=0")],
)
def test_the_words_of_a_refusal(other: Caller, status: int, error: str, target: str) -> None:
    answer = other.call("GET", target)
    worded(answer, status)
    assert answer.json()["error"] == error


def test_the_words_of_403_and_409_and_401(place: Marketplace, manager: Caller, other: Caller, still: Doc) -> None:
    target = "/api/data-product/" + quote(still["id"])
    taken = manager.call("POST", "/api/data-product", place.body(name=still["name"])).json()
    barred = other.call("DELETE", target).json()
    nobody = Caller(place.url, "", "").call("GET", target).json()
    assert [one["error"] for one in (taken, barred, nobody)] == ["Conflict", "Forbidden", "Unauthorized"]
