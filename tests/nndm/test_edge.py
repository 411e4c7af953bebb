"""What holds for every operation: contract rules G1, G2, G5, G6 and ruling R7."""

from __future__ import annotations

import gzip

import pytest

from souk.identity import keys
from souk.store.port import Store
from souk.work import run
from tests.nndm.driver import Api
from tests.nndm.samples import product, team

EVERY = [
    ("GET", "dataproducts"),
    ("PUT", "dataproducts/x"),
    ("GET", "dataproducts/x"),
    ("DELETE", "dataproducts/x"),
    ("GET", "datacontracts"),
    ("PUT", "datacontracts/x"),
    ("GET", "datacontracts/x"),
    ("DELETE", "datacontracts/x"),
    ("GET", "datacontracts/x/datacontract.yaml"),
    ("GET", "teams"),
    ("PUT", "teams/x"),
    ("GET", "teams/x"),
    ("DELETE", "teams/x"),
    ("GET", "sourcesystems"),
    ("PUT", "sourcesystems/x"),
    ("GET", "sourcesystems/x"),
    ("DELETE", "sourcesystems/x"),
    ("GET", "definitions"),
    ("PUT", "definitions/x"),
    ("GET", "definitions/x"),
    ("DELETE", "definitions/x"),
    ("GET", "assets"),
    ("PUT", "assets/x"),
    ("GET", "assets/x"),
    ("DELETE", "assets/x"),
    ("GET", "costs?dataProductId=x"),
    ("POST", "costs"),
    ("DELETE", "costs/x"),
    ("POST", "test-results"),
    ("GET", "events"),
]
WITH_BODY = [(method, path) for method, path in EVERY if method in {"PUT", "POST"}]


@pytest.mark.parametrize(("method", "path"), EVERY)
@pytest.mark.parametrize("key", ["", "wrong", "souk_" + "0" * 49, "ü", "a.b.c"])
def test_g2_without_a_valid_key_the_answer_is_403(api: Api, method: str, path: str, key: str) -> None:
    answer = api.call(method, f"/api/{path}", {}, x_api_key=key)
    assert answer.status == 403
    assert "Send a valid API key" in answer.detail


@pytest.mark.parametrize(("method", "path"), EVERY)
def test_g2_a_key_as_bearer_token_counts_as_well(api: Api, method: str, path: str) -> None:
    answer = api.call(method, f"/api/{path}", x_api_key="", authorization=f"bearer {api.secret}")
    assert answer.status in {200, 400, 404}


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
@pytest.mark.parametrize(
    "raw", ["", " ", "{", "nonsense", "[]", '"x"', "5", "null", "true", '{"a":NaN}', '{"a":1,"a":2}']
)
def test_g6_what_is_not_a_json_object_is_400(api: Api, method: str, path: str, raw: str) -> None:
    answer = api.call(method, f"/api/{path}", raw=raw)
    assert answer.status == 400
    assert answer.detail


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
@pytest.mark.parametrize("raw", [b"\xff\xfe", b'{"id":"\xed\xa0\x80"}', b'{"id":"\\ud800"}', b"\x00"])
def test_g6_what_is_no_text_is_400(api: Api, method: str, path: str, raw: bytes) -> None:
    assert api.call(method, f"/api/{path}", raw=raw).status == 400


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
@pytest.mark.parametrize(
    "raw", ['{"a":' + "[" * 101 + "]" * 101 + "}", "[" * 100_000, '{"a":"' + "x" * (4 << 20) + '"}']
)
def test_hostile_bodies_are_refused(api: Api, method: str, path: str, raw: str) -> None:
    answer = api.call(method, f"/api/{path}", raw=raw)
    assert answer.status in {400, 413}
    assert answer.detail


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
def test_g6_an_empty_object_is_422(api: Api, method: str, path: str) -> None:
    expected = 200 if path == "assets/x" else 422
    assert api.call(method, f"/api/{path}", {}).status == expected


def test_g1_content_types_and_accept_do_not_matter(api: Api) -> None:
    api.made("teams", team("t"))
    for kind in ("*/*", "application/json", "application/yaml", "application/cloudevents-batch+json", "text/html"):
        sent = {"content_type": "application/json; charset=utf-8", "accept": kind}
        assert api.call("GET", "/api/teams/t", **sent).json() == team("t")
    assert api.call("DELETE", "/api/teams/t", content_type="application/json").status == 200


def test_g1_a_gzipped_body_is_read(api: Api) -> None:
    packed = gzip.compress(b'{"id":"t","name":"T","type":"Team"}')
    assert api.call("PUT", "/api/teams/t", raw=packed, content_encoding="gzip").status == 200
    assert api.shown("teams", "t")["type"] == "Team"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/nothing"),
        ("PATCH", "/api/teams/x"),
        ("POST", "/api/teams"),
        ("PUT", "/api/teams"),
        ("GET", "/api/teams/a/b"),
        ("GET", "/api/teams/a%2Fb"),
        ("GET", "/api/"),
        ("GET", "/"),
        ("DELETE", "/api/events"),
    ],
)
@pytest.mark.parametrize("key", [True, False])
def test_g6_r7_unknown_paths_are_404_with_and_without_a_key(api: Api, method: str, path: str, key: bool) -> None:
    answer = api.call(method, path, {}, **({} if key else {"x_api_key": ""}))
    assert answer.status == 404
    assert f"There is no {method} /" in answer.detail


def test_g5_the_detail_names_what_is_wrong(api: Api) -> None:
    assert api.get("teams", "nobody").detail == "Could not find team by id 'nobody'"
    assert api.get("dataproducts", "p").detail == "Could not find data product by id 'p'"
    assert "Could not find team by id 'nobody'" in api.put("dataproducts", product("p", owner="nobody")).detail


def test_g5_an_answer_to_an_odd_path_is_still_json(api: Api) -> None:
    answer = api.call("GET", "/api/teams/%ED%A0%80%00%22%0A")
    assert answer.status == 404
    assert answer.detail.startswith("Could not find team by id")


def test_g5_a_defect_shows_no_trace(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nndm.operations.get_team.TEAM", None)
    api.made("teams", team("t"))
    answer = api.get("teams", "t")
    assert answer.status == 500
    assert answer.detail == "Internal error"
    assert "Traceback" not in answer.text


def test_limited_keys_read_or_write(store: Store, api: Api) -> None:
    reader = Api(store, run(store, lambda work: keys.create(work, "reader", scopes=["read"])).secret)
    writer = Api(store, run(store, lambda work: keys.create(work, "writer", scopes=["write"])).secret)
    assert (reader.get("teams", "owners").status, writer.get("teams", "owners").status) == (200, 403)
    assert (reader.put("teams", team("t")).status, writer.put("teams", team("t")).status) == (403, 200)
    assert "scope 'write'" in reader.delete("teams", "t").detail


def test_an_idempotency_key_makes_a_repeat_harmless(api: Api) -> None:
    api.made("dataproducts", product("orders"))
    body = {"dataProductId": "orders", "name": "n", "amount": 1, "currency": "EUR"}
    answers = [api.call("POST", "/api/costs", body, idempotency_key="once") for _ in range(2)]
    other = api.call("POST", "/api/costs?of=another", body, idempotency_key="once")
    assert answers[0].json() == answers[1].json()
    assert (other.status, "different request" in other.detail) == (422, True)
    assert len(api.listed("costs?dataProductId=orders")) == 1
