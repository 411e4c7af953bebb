"""Around every operation: credentials, unknown paths, forms of errors, audit events, round trips."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

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
from tests.dpx.codes import CODES
from tests.dpx.driver import BASE, Answer, Api
from tests.dpx.hub import CATALOG, CATALOGUE, PRODUCTS, Hub, drafts, prototype, releases
from tests.repository.tree import ROOT, routes

NOWHERE = "0b7c4d0e-5d2f-4c1a-8e63-1f2a3b4c5d6e"
OURS = sorted((method, path) for method, path in routes("dpx").values() if path != "$default")


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
        ("GET", f"{BASE}/data_product_versions/{NOWHERE}"),
        ("PUT", PRODUCTS),
        ("DELETE", f"{PRODUCTS}/{NOWHERE}"),
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
    api.call("POST", PRODUCTS, raw=b" " * (4 * 1024 * 1024 + 1)).refused(400, "request_body_error")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Unreadable("x"), 400, "request_body_error"),
        (Invalid("x"), 400, "invalid_parameter"),
        (Invalid("x", code="missing"), 400, "missing_required_value"),
        (Invalid("x", code="patch"), 400, "patch_error"),
        (TooLarge("x"), 400, "request_body_error"),
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
        (lambda: api.post(PRODUCTS, {"drafts": [prototype()]}), ["get_many", "commit"]),
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
