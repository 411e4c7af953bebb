"""Around every operation: credentials, unknown paths, forms of errors, audit events, round trips."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from dpx.audit import EVENTS
from dpx.door import DOOR
from souk.edge.request import Request
from souk.errors import (
    Busy,
    Conflict,
    Failed,
    Invalid,
    NotAllowed,
    NotFound,
    PreconditionFailed,
    Referenced,
    SoukError,
    TooLarge,
    Unauthenticated,
    UnknownOperation,
    Unreadable,
)
from souk.identity import keys
from souk.store.port import Store
from souk.work import Work, run
from tests.dpx.driver import BASE, CODES, Answer, Api
from tests.dpx.hub import CATALOG, CATALOGUE, PRODUCTS, Hub, documents, drafts, prototype, releases, some_id
from tests.dpx.machines import Machines
from tests.repository.tree import ROOT, operation_id, routes

OURS = sorted((method, path) for method, path in routes("dpx").values() if path != "$default")
LINK = {"type": "sla", "name": "Promise", "url": "https://example.com"}


@pytest.mark.parametrize(("method", "path"), OURS)
@pytest.mark.parametrize("credential", ["", "Bearer souk_nonsense"])
def test_nothing_is_done_without_a_valid_token(api: Api, method: str, path: str, credential: str) -> None:
    place = path.replace("{", "").replace("}", "")
    api.call(method, place, {}, authorization=credential).refused(401, "not_authenticated")


def test_the_scheme_is_written_as_one_likes(api: Api) -> None:
    for scheme in ("Bearer", "bearer", "BEARER"):
        api.get(PRODUCTS, authorization=f"{scheme} {api.secret}").expect(200)


def test_a_key_counts_as_bearer_token_only(api: Api) -> None:
    api.get(PRODUCTS, authorization="", x_api_key=api.secret).refused(401, "not_authenticated")
    api.get(PRODUCTS, authorization=f"Basic {api.secret}").refused(401, "not_authenticated")


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{BASE}/data_product_versions/{some_id()}"),
        ("PUT", PRODUCTS),
        ("DELETE", f"{PRODUCTS}/{some_id()}"),
        ("GET", "/v2/nothing"),
    ],
)
def test_an_unknown_path_or_method_is_not_found(api: Api, method: str, path: str, known: bool) -> None:
    credential = f"Bearer {api.secret}" * known
    (message,) = api.call(method, path, authorization=credential).refused(404, "does_not_exist")
    assert f"{method} {path}" in message


def test_a_key_that_reads_does_not_write(api: Api, store: Store) -> None:
    reader = Api(store, run(store, lambda work: keys.create(work, "reader", scopes=["read"])).secret)
    reader.get(PRODUCTS).expect(200)
    reader.post(PRODUCTS, {"drafts": [prototype()]}).refused(403, "not_authorized")


def test_a_key_of_another_door_does_not_open_this_one(store: Store) -> None:
    secret = run(store, lambda work: keys.create(work, "other", scopes=["read", "door:nndm"])).secret
    Api(store, secret).get(PRODUCTS).refused(403, "not_authorized")


def test_requests_may_be_packed_and_bodies_have_a_limit(api: Api) -> None:
    import gzip

    body = json.dumps({"drafts": [prototype()]}).encode()
    api.call("POST", PRODUCTS, raw=gzip.compress(body), content_encoding="gzip").expect(201)
    api.call("POST", PRODUCTS, raw=b" " * (4 * 1024 * 1024 + 1)).refused(413, "request_body_error")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Unreadable("x"), 400, "request_body_error"),
        (Invalid("x"), 400, "invalid_parameter"),
        (Invalid("x", code="missing"), 400, "missing_required_value"),
        (Invalid("x", code="patch"), 400, "patch_error"),
        (TooLarge("x"), 413, "request_body_error"),
        (Unauthenticated("x"), 401, "not_authenticated"),
        (NotAllowed("x"), 403, "not_authorized"),
        (NotFound("x"), 404, "does_not_exist"),
        (UnknownOperation("x"), 404, "does_not_exist"),
        (Conflict("x"), 409, "conflict"),
        (Conflict("x", code="already_exists"), 409, "already_exists"),
        (Referenced("x"), 409, "conflict"),
        (PreconditionFailed("x"), 412, "conflict"),
        (Busy("x"), 429, "too_many_requests"),
        (Failed("x"), 503, "dependent_service_error"),
        (SoukError(), 500, "unexpected_exception"),
    ],
)
def test_every_error_has_its_status_and_a_code_of_the_list(error: SoukError, status: int, code: str) -> None:
    answer = DOOR.refuse(error, Request({"requestContext": {"requestId": "trace-1"}}))
    body = json.loads(answer.body)
    assert (answer.status, body["trace"]) == (status, "trace-1")
    assert [one["code"] for one in body["errors"]] == [code]
    assert body["errors"][0]["message"]
    assert code in CODES
    assert answer.headers["x-global-transaction-id"] == "trace-1"


def test_every_problem_is_an_error_of_its_own() -> None:
    answer = DOOR.refuse(Invalid("a", ["a", "b"], codes=["missing", "invalid_parameter"]), Request({}))
    errors = json.loads(answer.body)["errors"]
    assert errors == [
        {"code": "missing_required_value", "message": "a"},
        {"code": "invalid_parameter", "message": "b"},
    ]


def test_a_defect_tells_nothing_of_itself(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(*_: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("souk.store.sqlite.SqliteStore.page", burst)
    assert api.get(PRODUCTS).refused(500, "unexpected_exception") == ["internal error"]


def test_a_repeated_creation_with_its_key_is_made_once(api: Api) -> None:
    body = {"drafts": [prototype()]}
    first, second = (api.post(PRODUCTS, body, idempotency_key="one").expect(201) for _ in range(2))
    assert first == second
    assert len(api.get(PRODUCTS).expect(200)["data_products"]) == 1


def test_every_operation_of_the_document_has_its_audit_event() -> None:
    of_the_document = {operation_id(name) for name, (_, path) in routes("dpx").items() if path.startswith(BASE)}
    assert EVENTS.keys() == of_the_document - {"updateSubscriptionItem"}
    assert len(set(EVENTS.values())) == len(EVENTS) == 22
    assert all(event.startswith("data-product-hub.") for event in EVENTS.values())


def notices(store: Store) -> list[str]:
    """Names of the vendor's notices since the last look."""
    pending = store.pending_notices(1000)
    store.forget_notices([item.id for item in pending])
    return [one["name"] for item in pending for one in item.events if one["name"].startswith("data-product-hub.")]


def test_every_change_leaves_its_notice(api: Api, hub: Hub, store: Store, machines: Machines, bucket: str) -> None:
    def left(event: str) -> None:
        assert notices(store) == [f"data-product-hub.{event}"]

    document = "data-product-draft-contract-term-document"
    draft = hub.product()
    left("data-product.create")
    other = hub.draft(draft["data_product"]["id"])
    left("data-product-draft.create")
    api.patch(drafts(other), {"op": "replace", "path": "/name", "value": "x"}).expect(200)
    left("data-product-draft.update")
    api.delete(drafts(other)).expect(204)
    left("data-product-draft.delete")
    made = hub.document(draft, **LINK)
    left(f"{document}.upload")
    api.patch(documents(draft, made), {"op": "replace", "path": "/name", "value": "x"}).expect(200)
    left(f"{document}.update")
    api.delete(documents(draft, made)).expect(204)
    left(f"{document}.delete")
    hub.publish(draft).expect(200)
    left("data-product-draft.publish")
    api.patch(releases(draft), {"op": "replace", "path": "/name", "value": "x"}).expect(200)
    left("data-product-release.update")
    api.post(f"{releases(draft)}/retire").expect(200)
    left("data-product-release.expire")
    api.post(f"{BASE}/configuration/initialize").expect(202)
    left("configuration.create")
    api.post(f"{BASE}/configuration/rotate_credentials").expect(204)
    left("configuration-apikey.rotate")
    api.post(PRODUCTS, {}).refused(400)
    api.get(PRODUCTS).expect(200)
    assert notices(store) == []


def test_a_notice_says_who_did_what_to_what(api: Api, hub: Hub, store: Store) -> None:
    draft = hub.product()
    notices(store)
    api.patch(drafts(draft), {"op": "replace", "path": "/name", "value": "x"}).expect(200)
    (item,) = store.pending_notices(10)
    (notice,) = item.events
    principal = draft["created_by"]
    target = {"data_product_id": draft["data_product"]["id"], "draft_id": draft["id"]}
    expected = {
        "principal": principal,
        "principal_kind": "key",
        "request": "request-1",
        "target": target,
    }
    assert notice["data"] == expected


def test_every_read_leaves_its_line(
    api: Api, hub: Hub, caplog: pytest.LogCaptureFixture, machines: Machines, store: Store
) -> None:
    draft, release = hub.product(), hub.release()
    document = hub.document(draft, **LINK)
    api.post(f"{BASE}/configuration/initialize").expect(202)
    machines.finish()
    notices(store)
    product = f"{PRODUCTS}/{draft['data_product']['id']}"
    places = {
        f"{BASE}/configuration/initialize/status": "configuration.monitor",
        PRODUCTS: "data-product.list",
        product: "data-product.read",
        f"{product}/drafts": "data-product-draft.list",
        drafts(draft): "data-product-draft.read",
        documents(draft, document): "data-product-draft-contract-term-document.read",
        f"{product}/releases": "data-product-release.list",
        releases(release): "data-product-release.read",
    }
    for place, event in places.items():
        caplog.clear()
        with caplog.at_level(logging.INFO):
            api.get(place).expect(200)
        assert audited(caplog.records) == [f"data-product-hub.{event}"]
    assert notices(store) == []


def audited(records: Iterable[Any]) -> list[str]:
    return [record.event for record in records if record.msg == "audit"]


def test_reads_go_to_the_bus_where_that_is_asked_for(api: Api, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUK_AUDIT_READS", "bus")
    api.get(PRODUCTS).expect(200)
    assert notices(store) == ["data-product-hub.data-product.list"]


class Counting:
    """Counts what goes to the store."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
        self.calls: list[str] = []
        for name in ("get_many", "page", "commit"):
            monkeypatch.setattr(store, name, self._counted(name, getattr(store, name)))

    def _counted(self, name: str, real: Any) -> Any:
        def call(*given: Any, **named: Any) -> Any:
            self.calls.append(name)
            return real(*given, **named)

        return call

    def since(self) -> list[str]:
        calls, self.calls = self.calls, []
        return calls


def test_common_requests_make_few_round_trips(
    api: Api, hub: Hub, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, release = hub.product(), hub.release()
    api.get(PRODUCTS)
    count = Counting(monkeypatch, store)
    rename = {"op": "replace", "path": "/name", "value": "x"}
    product = f"{PRODUCTS}/{draft['data_product']['id']}"
    requests: list[tuple[Callable[[], Answer], list[str]]] = [
        (lambda: api.get(drafts(draft)), ["get_many"]),
        (lambda: api.get(releases(release)), ["get_many"]),
        (lambda: api.patch(drafts(draft), rename), ["get_many", "commit"]),
        (lambda: api.patch(releases(release), rename), ["get_many", "commit"]),
        (lambda: api.post(PRODUCTS, {"drafts": [prototype()]}), ["get_many", "get_many", "commit"]),
        (lambda: api.get(product), ["get_many", "page", "get_many"]),
        (lambda: api.get(f"{product}/drafts"), ["get_many", "page", "get_many"]),
    ]
    for request, expected in requests:
        assert request().status < 300
        assert count.since() == expected


def test_reads_import_no_pydantic() -> None:
    import subprocess
    import sys

    modules = [path.stem for path in (ROOT / "functions/dpx/operations").glob("get_*.py")]
    imports = "; ".join(f"import dpx.operations.{module}" for module in sorted(modules))
    script = f"import sys; {imports}; sys.exit('pydantic' in sys.modules or 'boto3' in sys.modules)"
    paths = [str(ROOT / "layers/souk"), str(ROOT / "functions")]
    done = subprocess.run([sys.executable, "-c", script], env={"PYTHONPATH": ":".join(paths)}, check=False)
    assert done.returncode == 0


def test_the_principal_of_a_made_thing_is_who_made_it(hub: Hub, store: Store) -> None:
    (info,) = keys.list_keys(Work(store))
    assert hub.product()["created_by"] == info.id
    assert hub.product(asset={"container": CATALOG})["asset"]["container"]["id"] == CATALOGUE
