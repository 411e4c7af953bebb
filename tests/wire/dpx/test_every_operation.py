"""What holds for every operation: tokens, paths, methods, ids, bodies, the form of errors (contract section 1)."""

from __future__ import annotations

import gzip
import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.wire.dpx.hub import LISTS, PRODUCTS, B, Hub, ok, refused, some_id
from tests.wire.dpx.operations import (
    DOCUMENTS,
    EVERY,
    NOWHERE,
    OF_DRAFT,
    OF_ORDER,
    OF_PRODUCT,
    OF_RELEASE,
    WITH_BODY,
    Operation,
    filled,
    name_of,
)

every = pytest.mark.parametrize("operation", EVERY, ids=name_of)
CREDENTIALS = {
    "none": {},
    "empty": {"authorization": ""},
    "no scheme": {"authorization": "{token}"},
    "no token": {"authorization": "Bearer "},
    "unknown": {"authorization": "Bearer souk_nobody_has_this"},
    "basic": {"authorization": "Basic {token}"},
    "tampered": {"authorization": "Bearer {token}x"},
    "a header of another kind": {"x-api-key": "{token}"},
    "no JSON web token": {"authorization": "Bearer eyJhbGciOiJub25lIn0.e30."},
}


def token_of(hub: Hub) -> str:
    return hub.headers["authorization"].removeprefix("Bearer ")


@every
@pytest.mark.parametrize("credential", CREDENTIALS.values(), ids=CREDENTIALS.keys())
def test_no_operation_without_a_valid_token(hub: Hub, operation: Operation, credential: dict[str, str]) -> None:
    headers = {name: value.replace("{token}", token_of(hub)) for name, value in credential.items()}
    body = json.dumps(operation.body).encode() if operation.body is not None else None
    answer = hub.send(operation.method, filled(operation, hub.catalog), body, headers)
    assert refused(answer, 401) == ["not_authenticated"]


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_the_scheme_is_written_as_one_likes(hub: Hub, scheme: str) -> None:
    ok(hub.send("GET", f"{PRODUCTS}?limit=1", None, {"authorization": f"{scheme} {token_of(hub)}"}))


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", f"{B}/nothing"),
        ("GET", f"{B}/data_product_versions/{NOWHERE}"),
        ("POST", f"{B}/configuration/api_keys"),
        ("PUT", PRODUCTS),
        ("PATCH", PRODUCTS),
        ("DELETE", PRODUCTS),
        ("DELETE", f"{PRODUCTS}/{NOWHERE}"),
        ("PATCH", f"{PRODUCTS}/{NOWHERE}"),
        ("PUT", f"{PRODUCTS}/{NOWHERE}/drafts"),
        ("POST", f"{PRODUCTS}/{NOWHERE}/releases"),
        ("GET", f"{PRODUCTS}/-/drafts/x/publish"),
        ("GET", f"{B}/configuration/initialize"),
        ("POST", f"{B}/configuration/initialize/status"),
        ("PUT", f"{PRODUCTS}/-/releases/x/retire"),
        ("DELETE", f"{LISTS}/{NOWHERE}"),
        ("GET", "/v2/nothing"),
        ("GET", "/v3/search"),
        ("POST", "/v3/nothing"),
    ],
)
def test_an_unknown_path_or_method(hub: Hub, method: str, target: str) -> None:
    assert refused(hub.call(method, target), 404) == ["does_not_exist"]
    assert refused(hub.send(method, target, None, {}), 404) == ["does_not_exist"]


@pytest.mark.parametrize("operation", [*OF_DRAFT, *OF_RELEASE], ids=name_of)
@pytest.mark.parametrize("product", ["-", NOWHERE, "x"])
def test_an_unknown_version(hub: Hub, operation: Operation, product: str) -> None:
    answer = hub.call(operation.method, filled(operation, hub.catalog, product=product), operation.body)
    assert refused(answer, 404) == ["does_not_exist"]


@pytest.mark.parametrize("operation", [*OF_DRAFT, *OF_RELEASE], ids=name_of)
@pytest.mark.parametrize(
    "version",
    ["x", NOWHERE, f"{NOWHERE}@", f"@{NOWHERE}", f"{NOWHERE}@{NOWHERE}x", f"{NOWHERE}%40%2F{NOWHERE[1:]}", "%20" * 73],
)
def test_a_version_id_of_the_wrong_form(hub: Hub, operation: Operation, version: str) -> None:
    answer = hub.call(operation.method, filled(operation, hub.catalog, version=version), operation.body)
    refused(answer, 400, 404)


@pytest.mark.parametrize("operation", [*OF_DRAFT, *OF_RELEASE], ids=name_of)
def test_a_version_of_another_catalog(hub: Hub, operation: Operation) -> None:
    answer = hub.call(operation.method, filled(operation, hub.catalog, version=f"{NOWHERE}@{NOWHERE}"), operation.body)
    assert refused(answer, 404) == ["does_not_exist"]


@pytest.mark.parametrize("operation", OF_DRAFT, ids=name_of)
@pytest.mark.parametrize("product", ["{own}", "-", NOWHERE])
@pytest.mark.parametrize("encoded", [False, True])
def test_ids_with_and_without_encoding(hub: Hub, operation: Operation, product: str, encoded: bool) -> None:
    """The path is understood in both forms: only a product that is not the draft's own is not found for itself."""
    draft = hub.draft()
    version = quote(draft["id"], safe="") if encoded else draft["id"]
    terms = quote(draft["contract_terms"][0]["id"], safe="") if encoded else draft["contract_terms"][0]["id"]
    ids = {"product": product.format(own=draft["data_product"]["id"]), "version": version, "terms": terms}
    answer = hub.call(operation.method, filled(operation, hub.catalog, **ids), operation.body)
    expected = {True: {200, 201, 204}, False: {404}}[product != NOWHERE and operation not in DOCUMENTS]
    assert answer.status in expected, answer


@pytest.mark.parametrize("operation", OF_PRODUCT, ids=name_of)
@pytest.mark.parametrize(("product", "statuses"), [(NOWHERE, (404,)), ("x" * 37, (400, 404)), ("a%2Fb", (400, 404))])
def test_an_unknown_product(hub: Hub, operation: Operation, product: str, statuses: tuple[int, ...]) -> None:
    body = {"asset": {"container": {"id": hub.catalog}}} if operation.body else None
    refused(hub.call(operation.method, filled(operation, hub.catalog, product=product), body), *statuses)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_any_product_is_no_product_where_an_id_is_needed(hub: Hub, method: str) -> None:
    target = f"{PRODUCTS}/-" + ("/drafts" if method == "POST" else "")
    body = {"asset": {"container": {"id": hub.catalog}}} if method == "POST" else None
    refused(hub.call(method, target, body), 400, 404)


@pytest.mark.parametrize("operation", OF_ORDER, ids=name_of)
@pytest.mark.parametrize("order", [NOWHERE, "x", "%40"])
def test_an_unknown_order(hub: Hub, operation: Operation, order: str) -> None:
    refused(hub.call(operation.method, filled(operation, hub.catalog, document=order), operation.body), 400, 404)


@pytest.mark.parametrize("operation", WITH_BODY, ids=name_of)
@pytest.mark.parametrize("text", [b"{", b"[1", b"\xff\xfe", b'"text"', b"1", b"null", b'{"a":1}{"b":2}', b"NaN"])
def test_a_body_that_is_none(hub: Hub, operation: Operation, text: bytes) -> None:
    """Where nothing has the path's ids, that may be said first."""
    kind = {"content-type": "application/json"}
    refused(hub.send(operation.method, filled(operation, hub.catalog), text, hub.headers | kind), 400, 404)


@pytest.mark.parametrize("operation", [one for one in WITH_BODY if "initialize" not in one.target], ids=name_of)
def test_a_body_that_is_missing(hub: Hub, operation: Operation) -> None:
    kind = {"content-type": "application/json"}
    refused(hub.send(operation.method, filled(operation, hub.catalog), b"", hub.headers | kind), 400, 404)


@pytest.mark.parametrize("body", [b"", b"{}", b'{"rotate":["data_product_admin_service_id"]}', b"nonsense"])
def test_rotating_ignores_its_body(hub: Hub, body: bytes) -> None:
    kind = {"content-type": "application/json"}
    ok(hub.send("POST", f"{B}/configuration/rotate_credentials", body, hub.headers | kind), 204)
    ok(hub.call("GET", f"{PRODUCTS}?limit=1"))


@pytest.mark.parametrize("body", [[], "x", 1, True, [{}]])
@pytest.mark.parametrize(
    "target",
    [PRODUCTS, LISTS, "/v2/assets?catalog_id={catalog}", "/v3/search", f"{B}/configuration/initialize"],
)
def test_a_body_that_is_no_object(hub: Hub, target: str, body: Any) -> None:
    assert refused(hub.call("POST", target.format(catalog=hub.catalog), body), 400) == ["request_body_error"]


@pytest.mark.parametrize("kind", ["application/json-patch+json", "application/json", "application/json; charset=utf-8"])
def test_media_types_of_a_patch(hub: Hub, kind: str) -> None:
    draft = hub.draft()
    target = f"{PRODUCTS}/-/drafts/{draft['id']}"
    change = [{"op": "replace", "path": "/name", "value": "Renamed"}]
    assert ok(hub.call("PATCH", target, change, content_type=kind))["name"] == "Renamed"


def test_a_packed_body(hub: Hub) -> None:
    body = gzip.compress(json.dumps({"drafts": [hub.prototype()]}).encode())
    packed = {"content-type": "application/json", "content-encoding": "gzip"}
    ok(hub.send("POST", PRODUCTS, body, hub.headers | packed), 201)


def test_a_packed_body_that_is_none(hub: Hub) -> None:
    packed = {"content-type": "application/json", "content-encoding": "gzip"}
    assert refused(hub.send("POST", PRODUCTS, b"nonsense", hub.headers | packed), 400) == ["request_body_error"]


@pytest.mark.parametrize("target", [PRODUCTS, LISTS, "/v3/search"])
def test_a_body_that_is_too_large(hub: Hub, target: str) -> None:
    body = b'{"x":"' + b"x" * (5 * 1024 * 1024) + b'"}'
    kind = {"content-type": "application/json"}
    assert refused(hub.send("POST", target, body, hub.headers | kind), 400) == ["request_body_error"]


def test_a_body_that_is_too_deep(hub: Hub) -> None:
    body = b'{"drafts":' + b"[" * 5000 + b"]" * 5000 + b"}"
    kind = {"content-type": "application/json"}
    refused(hub.send("POST", PRODUCTS, body, hub.headers | kind), 400)


@pytest.mark.parametrize("status", [400, 401, 404, 409])
def test_the_trace_stands_in_the_header_too(hub: Hub, status: int) -> None:
    draft = hub.draft()
    place = f"{PRODUCTS}/-/drafts/{draft['id']}"
    failed = {"op": "test", "path": "/name", "value": "nothing"}
    answers = {
        400: lambda: hub.call("GET", f"{PRODUCTS}?limit=x"),
        401: lambda: hub.send("GET", PRODUCTS, None, {}),
        404: lambda: hub.call("GET", f"{PRODUCTS}/{some_id()}"),
        409: lambda: hub.call("PATCH", place, [failed]),
    }
    answer = answers[status]()
    refused(answer, status)
    assert answer.headers["x-global-transaction-id"] == answer.json()["trace"]
    assert answer.json().keys() == {"trace", "errors"}
