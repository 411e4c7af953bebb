"""Paths, queries and headers that no client sends by accident."""

from __future__ import annotations

import ast
import json
from typing import Any
from urllib.parse import unquote

import pytest

from tests.authorisation.estate import Scene
from tests.authorisation.knocking import METHODS, names_of
from tests.authorisation.people import OWN, Person
from tests.authorisation.rows import ROWS
from tests.gate import Guest
from tests.hostile.corpus import FORGED, IDS, SEARCHES, queries
from tests.hostile.sending import TAKING, good, send, sender, worded
from tests.repository.tree import ROOT

READING = sorted(name for name, method in METHODS.items() if method == "GET")
WITH_IDS = sorted(name for name, row in ROWS.items() if "<" in row.target)


def with_id(name: str, scene: Scene, bad: str) -> str:
    """The target of a row, its last id replaced by a bad one."""
    target, names = ROWS[name].target, names_of(scene, OWN)
    begin, _, rest = target.rpartition("<")
    tail = rest.partition(">")[2]
    for word, exact in names.items():
        begin = begin.replace(f"<{word}>", exact)
    return f"{begin}{bad}{tail}"


@pytest.mark.parametrize("name", WITH_IDS)
def test_a_bad_id_is_told_to_be_none(scene: Scene, mighty: dict[str, Person], name: str) -> None:
    """4xx, or (where ids are the client's) a record of exactly that id; never another's record, never a defect."""
    _, document = good(scene, name)
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    statuses = {}
    for bad in IDS:
        target = with_id(name, scene, bad)
        statuses[bad] = send(sender(name, mighty), name, target, body, bad[:60], content_type="application/json").status
        scene.restore()
    assert {bad: status for bad, status in statuses.items() if status >= 500} == {}


@pytest.mark.parametrize(
    "bad", ["own-product%23x", "own-product%00", "own-product%1Fx", "own-product%7Cx", "r%23own-product"]
)
def test_an_id_with_a_delimiter_is_another_id(scene: Scene, mighty: dict[str, Person], bad: str) -> None:
    before = send(mighty["key"], "nndm/get_data_product", "/api/dataproducts/own-product", b"", "before").body
    _, document = good(scene, "nndm/add_data_product")
    body = json.dumps({**document, "id": unquote(bad)}).encode()
    made = send(mighty["key"], "nndm/add_data_product", f"/api/dataproducts/{bad}", body, "made")
    after = send(mighty["key"], "nndm/get_data_product", "/api/dataproducts/own-product", b"", "after").body
    scene.restore()
    assert made.status in {200, 422}
    assert before == after


@pytest.mark.parametrize("name", READING)
def test_a_bad_query_is_no_defect(scene: Scene, mighty: dict[str, Person], name: str) -> None:
    target, _ = (
        good(scene, name)
        if ROWS[name].body
        else (with_id(name, scene, "own-x"), None)
        if name == ""
        else (
            _filled(name, scene),
            None,
        )
    )
    joiner = "&" if "?" in target else "?"
    statuses = {
        query[:80]: send(mighty["key"], name, f"{target}{joiner}{query}", b"", query[:60]).status for query in queries()
    }
    assert {query: status for query, status in statuses.items() if status >= 500} == {}


def _filled(name: str, scene: Scene) -> str:
    target = ROWS[name].target
    for word, exact in names_of(scene, OWN).items():
        target = target.replace(f"<{word}>", exact)
    return target


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_position_is_refused_or_the_end(scene: Scene, mighty: dict[str, Person], forged: str) -> None:
    targets = {
        "nndm/poll_events": f"/api/events?longPolling=false&lastEventId={forged}",
        "dpx/list_data_products": f"/data_product_exchange/v1/data_products?start={forged}",
        "dpx/list_asset_lists": f"/v2/asset_lists?start={forged}",
        "immuta/search_data_products": f"/api/data-product?nextToken={forged}",
        "immuta/search_data_sources": f"{_filled('immuta/search_data_sources', scene)}?nextToken={forged}",
    }
    statuses = {name: send(mighty["key"], name, target, b"", "forged").status for name, target in targets.items()}
    assert {name: status for name, status in statuses.items() if status >= 500} == {}
    assert 400 <= statuses["nndm/poll_events"] < 500


@pytest.mark.parametrize("number", range(len(SEARCHES)))
def test_a_search_that_would_grow_is_bounded(scene: Scene, mighty: dict[str, Person], number: int) -> None:
    body = json.dumps({"query": SEARCHES[number], "size": 10**9, "from": 10**9}).encode()
    answer = send(
        mighty["key"], "dpx/search_catalog", "/v3/search", body, f"search {number}", content_type="application/json"
    )
    assert answer.status in {200, 400, 413}
    assert scene.committed() == scene.commits


HEADERS: dict[str, dict[str, str]] = {
    "another method": {"x-http-method-override": "DELETE", "x-method-override": "DELETE", "x-http-method": "DELETE"},
    "another path": {"x-original-url": "/api/teams", "x-rewrite-url": "/api/teams", "x-forwarded-prefix": "/api/teams"},
    "another host": {"host": "evil.example", "x-forwarded-host": "evil.example", "forwarded": "host=evil.example"},
    "a bad condition": {"if-match": "a" * 9000},
    "a condition of digits": {"if-match": '"' + "9" * 400 + '"'},
    "a condition in Arabic digits": {"if-match": '"\u0661"'},
    "a bad tag": {"if-none-match": "\0"},
    "a long key of idempotency": {"idempotency-key": "a" * 9000},
    "a key of idempotency with delimiters": {"idempotency-key": "a:b#c|d\u001f"},
    "many languages": {"accept-language": "a," * 4000},
    "a strange accept": {"accept": "*/*;q=NaN, " * 500},
    "a strange packing": {"accept-encoding": "gzip;q=0, br, " * 300},
    "a range": {"range": "bytes=0-0," * 1000},
    "a long cookie": {"cookie": "jwt=" + "a" * 9000},
    "many cookies": {"cookie": "; ".join(["jwt=a.b.c"] * 500)},
    "a long proxy chain": {"x-forwarded-for": "1.1.1.1, " * 900},
    "a trace": {"x-amzn-trace-id": "\r\nset-cookie: a=b"},
    "an identity": {"x-amzn-oidc-identity": "admin", "x-forwarded-user": "admin", "x-souk-principal": "governance"},
}


@pytest.mark.parametrize("name", READING)
def test_a_header_changes_neither_what_is_done_nor_who_does_it(
    scene: Scene, mighty: dict[str, Person], name: str
) -> None:
    target = _filled(name, scene)
    plain = send(mighty["key"], name, target, b"", "plain").status
    statuses = {
        label: send(mighty["key"], name, target, b"", label, **_named(held)).status for label, held in HEADERS.items()
    }
    conditions = {"a bad condition", "a condition of digits", "a condition in Arabic digits"}
    assert {label: status for label, status in statuses.items() if status != plain and label not in conditions} == {}
    assert {label for label in conditions if statuses[label] not in {plain, 400, 412, 422}} == set()
    assert scene.committed() == scene.commits


@pytest.mark.parametrize("name", sorted(set(TAKING) - {"hub/exchange_token"}))
def test_a_header_that_hurts_leaves_a_write_whole_or_undone(scene: Scene, mighty: dict[str, Person], name: str) -> None:
    target, document = good(scene, name)
    body = json.dumps(document).encode()
    wrong: dict[str, Any] = {}
    for label, held in HEADERS.items():
        headers = {"content-type": "application/json", **held}
        answer = send(sender(name, mighty), name, target, body, label, **_named(headers))
        whole = answer.status < 400 or (worded(name, answer) and scene.committed() == scene.commits)
        wrong |= {} if answer.status < 500 and whole else {label: (answer.status, answer.body[:200])}
        scene.restore()
    assert wrong == {}


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {key.replace("-", "_"): value for key, value in headers.items()}


@pytest.mark.parametrize("joined", ["{0},{0}", "{0}, Bearer x", "x, {0}", "{0} {0}"])
def test_two_credentials_in_one_header_are_none(scene: Scene, mighty: dict[str, Person], joined: str) -> None:
    held = joined.format(mighty["key"].headers["authorization"])
    answer = Guest().send("GET", "/api/teams", b"", {"host": "x", "authorization": held})
    assert answer.status == 403


def test_no_answer_carries_a_header_that_a_request_smuggled_in(scene: Scene, mighty: dict[str, Person]) -> None:
    for target in (
        "/api/teams/%0D%0Aset-cookie:%20a=b",
        "/v2/assets/%0D%0Aset-cookie:%20a=b",
        "/openapi/%0D%0Aset-cookie",
    ):
        answer = Guest().send("GET", target, b"", mighty["key"].headers)
        assert answer.headers.get("set-cookie") is None
        assert answer.status < 500


@pytest.mark.parametrize(
    "target", ["/api/..%2f..%2fteams", "/api/teams/../teams", "/./api/teams", "/API/teams", "/api/teams%5C"]
)
def test_a_path_that_is_spelled_otherwise_is_another_path(scene: Scene, mighty: dict[str, Person], target: str) -> None:
    assert Guest().send("GET", target, b"", mighty["key"].headers).status in {400, 404}


def test_no_pattern_of_a_client_is_compiled() -> None:
    """`re` sees patterns that are written in the code, and nothing that was sent."""
    compiled = []
    for path in [*(ROOT / "layers/souk").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]:
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        compiled += [f"{path.relative_to(ROOT)}:{call.lineno}" for call in calls if _compiles(call)]
    assert compiled == []


def _compiles(call: ast.Call) -> bool:
    """Whether it gives `re` something other than a text of the code."""
    callee = ast.unparse(call.func)
    of_re = callee.startswith("re.") and callee != "re.escape"
    return of_re and not isinstance(call.args[0], (ast.Constant, ast.JoinedStr))
