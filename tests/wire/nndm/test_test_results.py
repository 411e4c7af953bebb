"""3.9 and row 36: results of contract tests, as the command lines of several years send them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.nndm.documents import GONE, World, changed, contract, fresh, results
from tests.wire.nndm.door import Door, refused, stored
from tests.wire.nndm.feed import Feed
from tests.wire.nndm.fields import LACKING, WRONG
from tests.wire.raw import Answer, Doc

TARGET = "/api/test-results"
ONE = {"production": {"type": "local", "path": "x.csv"}}


def stored_contract(door: Door, world: World, servers: Doc | None) -> str:
    """A stored contract with these servers."""
    id = fresh("urn:contract:")
    stored(door.put("datacontracts", id, contract(id, world, servers)))
    return id


def post(door: Door, sent: Any) -> Answer:
    return door.call("POST", TARGET, sent)


def full_results(contract_id: str) -> Doc:
    ran = {
        "type": "schema",
        "name": "Check a",
        "result": "passed",
        "engine": "soda-core",
        "model": "m",
        "field": "f",
        "reason": "",
        "details": None,
    }
    new = ran | {
        "id": "1",
        "key": "k",
        "category": "schema",
        "dimension": "validity",
        "language": "python",
        "implementation": "x",
        "failedNumber": 0,
    }
    idle = {
        "type": "quality",
        "name": "Check b",
        "diagnostics": {"value": 1.5, "fail": {}},
        "failedSamples": [{"a": None}],
        "totalNumber": 10,
    }
    log = {"level": "INFO", "message": "Done", "timestamp": "2024-05-01T10:00:01+00:00"}
    return results(fresh(), contract_id) | {
        "checks": [ran, new, idle, idle | {"result": None}],
        "logs": [log],
        "custom": {"a": 1},
    }


def test_39_results_are_stored(door: Door, world: World) -> None:
    assert post(door, full_results(stored_contract(door, world, ONE))).status == 200


def test_39_the_same_run_again_replaces(door: Door, world: World) -> None:
    sent = full_results(stored_contract(door, world, ONE))
    assert [post(door, sent | {"result": result}).status for result in ("failed", "passed")] == [200, 200]


@pytest.mark.parametrize("id", [GONE, None], ids=repr)
def test_39_an_old_client_names_the_run(door: Door, world: World, id: Any) -> None:
    sent = changed(full_results(stored_contract(door, world, ONE)), "id", id) | {"runId": fresh()}
    assert post(door, sent).status == 200


@pytest.mark.parametrize("run", [{}, {"runId": None}, {"runId": ""}, {"runId": 5}], ids=repr)
def test_39_a_run_has_a_name(door: Door, world: World, run: Doc) -> None:
    refused(post(door, changed(full_results(stored_contract(door, world, ONE)), "id", GONE) | run), 422)


@pytest.mark.parametrize("field", ["dataContractId", "dataContractVersion", "timestampStart", "timestampEnd", "result"])
@pytest.mark.parametrize("value", LACKING["string"] + WRONG["string"], ids=repr)
def test_39_required_texts(door: Door, world: World, field: str, value: Any) -> None:
    refused(post(door, changed(full_results(stored_contract(door, world, ONE)), field, value)), 422)


@pytest.mark.parametrize("id", ["", "  ", 5, True, [], {}], ids=repr)
def test_39_an_id_is_text(door: Door, world: World, id: Any) -> None:
    refused(post(door, full_results(stored_contract(door, world, ONE)) | {"id": id}), 422)


def test_39_the_contract_must_exist(door: Door) -> None:
    refused(post(door, full_results(fresh("nobody"))), 422, 404)


def test_39_the_version_is_not_compared(door: Door, world: World) -> None:
    assert post(door, full_results(stored_contract(door, world, ONE)) | {"dataContractVersion": "9.9"}).status == 200


TWO = ONE | {"development": {"type": "local"}}


@pytest.mark.parametrize("server", [GONE, None], ids=repr)
def test_39_the_only_server_is_taken_when_none_is_named(door: Door, world: World, server: Any) -> None:
    assert post(door, changed(full_results(stored_contract(door, world, ONE)), "server", server)).status == 200


@pytest.mark.parametrize("server", [GONE, None], ids=repr)
@pytest.mark.parametrize("servers", [None, {}, TWO], ids=["none", "empty", "two"])
def test_39_it_must_be_named_when_there_is_not_one(door: Door, world: World, servers: Doc | None, server: Any) -> None:
    refused(post(door, changed(full_results(stored_contract(door, world, servers)), "server", server)), 422)


@pytest.mark.parametrize("server", ["staging", "Production", "production ", "", " ", 5, True, [], {}], ids=repr)
@pytest.mark.parametrize("servers", [ONE, TWO], ids=["one", "two"])
def test_39_a_server_is_one_of_the_contracts(door: Door, world: World, servers: Doc, server: Any) -> None:
    refused(post(door, full_results(stored_contract(door, world, servers)) | {"server": server}), 422)


@pytest.mark.parametrize("server", ["production", "development"])
def test_39_either_server_will_do(door: Door, world: World, server: str) -> None:
    assert post(door, full_results(stored_contract(door, world, TWO)) | {"server": server}).status == 200


def test_39_servers_are_those_of_now(door: Door, world: World) -> None:
    id = stored_contract(door, world, ONE)
    stored(door.put("datacontracts", id, contract(id, world, {"new": {"type": "local"}})))
    refused(post(door, full_results(id)), 422)
    assert post(door, full_results(id) | {"server": "new"}).status == 200


@pytest.mark.parametrize("result", ["passed", "failed", "warning", "error", "unknown"])
def test_39_five_results(door: Door, world: World, result: str) -> None:
    assert post(door, full_results(stored_contract(door, world, ONE)) | {"result": result}).status == 200


@pytest.mark.parametrize("result", ["ok", "Passed", "passed ", "warn"])
def test_39_no_other_result(door: Door, world: World, result: str) -> None:
    refused(post(door, full_results(stored_contract(door, world, ONE)) | {"result": result}), 422)


TIMES = [
    "2024-05-01T10:00:00Z", "2024-05-01T10:00:00.1Z", "2024-05-01T10:00:00.123456+00:00", "2024-05-01T12:00:00+02:00",
    "2024-02-29T23:59:59-08:00",
    "2024-05-01T10:00:00.123456789Z", "2024-05-01t10:00:00z",
]  # fmt: skip


@pytest.mark.parametrize("field", ["timestampStart", "timestampEnd"])
@pytest.mark.parametrize("time", TIMES)
def test_39_a_time_is_rfc_3339(door: Door, world: World, field: str, time: str) -> None:
    assert post(door, full_results(stored_contract(door, world, ONE)) | {field: time}).status == 200


@pytest.mark.parametrize("field", ["timestampStart", "timestampEnd"])
@pytest.mark.parametrize(
    "time", ["yesterday", "2024-13-01T00:00:00Z", "2024-02-30T00:00:00Z", "2024-05-01T25:00:00Z", "1714557600", "10:00"]
)
def test_39_nothing_else_is_a_time(door: Door, world: World, field: str, time: str) -> None:
    refused(post(door, full_results(stored_contract(door, world, ONE)) | {field: time}), 422)


@pytest.mark.parametrize("field", ["checks", "logs"])
@pytest.mark.parametrize("value", WRONG["array"], ids=repr)
def test_39_checks_and_logs_are_arrays(door: Door, world: World, field: str, value: Any) -> None:
    refused(post(door, full_results(stored_contract(door, world, ONE)) | {field: value}), 422)


@pytest.mark.parametrize("field", ["checks", "logs"])
@pytest.mark.parametrize("value", [GONE, None, []], ids=repr)
def test_39_checks_and_logs_may_be_missing(door: Door, world: World, field: str, value: Any) -> None:
    assert post(door, changed(full_results(stored_contract(door, world, ONE)), field, value)).status == 200


def test_39_a_check_that_did_not_run_has_no_result(door: Door, world: World) -> None:
    checks = [{"type": "schema", "name": "n"}, {"type": "schema", "name": "n", "result": None}, {"name": "n"}, {}]
    assert post(door, full_results(stored_contract(door, world, ONE)) | {"checks": checks}).status == 200


def test_39_thousands_of_checks(door: Door, world: World) -> None:
    checks = [{"type": "schema", "name": f"Check {n}", "result": "passed", "reason": "x" * 200} for n in range(3000)]
    assert post(door, full_results(stored_contract(door, world, ONE)) | {"checks": checks}).status == 200


def test_39_explicit_nulls_of_the_client_of_2024(door: Door, world: World) -> None:
    sent = full_results(stored_contract(door, world, ONE))
    nulls: Doc = dict.fromkeys(("id", "server", "dataProductId", "outputPortId", "custom", "unknown"))
    assert post(door, sent | nulls | {"runId": fresh()}).status == 200


def test_36_results_emit_no_event_of_the_contract(door: Door, feed: Feed, world: World) -> None:
    id = stored_contract(door, world, ONE)
    assert post(door, full_results(id)).status == 200
    assert feed.settled(id) == ["DataContractCreated"]


def test_36_results_do_not_touch_the_contract(door: Door, world: World) -> None:
    id = stored_contract(door, world, ONE)
    before = door.get("datacontracts", id).json()
    assert post(door, full_results(id)).status == 200
    assert door.get("datacontracts", id).json() == before
    assert door.delete("datacontracts", id).status == 200
