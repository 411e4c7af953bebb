"""Test results: contract section 3.9."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.nndm.driver import Api, Document
from tests.nndm.samples import contract, run_of


def test_3_9_results_are_taken_and_told_to_nobody(api: Api) -> None:
    api.made("datacontracts", contract("orders-v1", "production", "local"))
    assert api.news(lambda: api.call("POST", "/api/test-results", run_of())) == []
    answer = api.call("POST", "/api/test-results", run_of())
    assert (answer.status, answer.body) == (200, b"")


def test_3_9_the_contract_must_exist(api: Api) -> None:
    answer = api.call("POST", "/api/test-results", run_of("nobody"))
    assert answer.status == 422
    assert answer.detail == "Could not find data contract by id 'nobody'"


def test_3_9_the_server_is_one_of_the_contracts(api: Api) -> None:
    api.made("datacontracts", contract("orders-v1", "staging", "local"))
    answer = api.call("POST", "/api/test-results", run_of())
    assert answer.status == 422
    assert "server: 'production' is not a server of data contract 'orders-v1'" in answer.detail
    assert "'staging', 'local'" in answer.detail


@pytest.mark.parametrize(("servers", "status"), [([], 422), (["one"], 200), (["one", "two"], 422)])
@pytest.mark.parametrize("sent", [{"server": None}, {}])
def test_3_9_a_missing_server_is_the_only_one(api: Api, servers: list[str], sent: Document, status: int) -> None:
    api.made("datacontracts", contract("orders-v1", *servers))
    run = {name: value for name, value in run_of().items() if name != "server"} | sent
    answer = api.call("POST", "/api/test-results", run)
    assert answer.status == status
    assert re.search(r"^$|server: is required, since the data contract has [02] servers", answer.text)


def test_3_9_the_run_id_stands_in_for_a_missing_id(api: Api) -> None:
    api.made("datacontracts", contract("orders-v1", "production"))
    old = {name: value for name, value in run_of().items() if name != "id"}
    assert api.call("POST", "/api/test-results", old).status == 422
    for sent in ({"runId": "r"}, {"runId": "r", "id": None}, {"runId": None, "id": "i"}):
        assert api.call("POST", "/api/test-results", old | sent).status == 200


def test_3_9_what_old_and_new_tools_send_is_taken(api: Api) -> None:
    api.made("datacontracts", contract("orders-v1", "production"))
    nulls: dict[str, Any] = dict.fromkeys(("model", "field", "engine", "reason", "details", "result", "diagnostics"))
    check = {"id": "1", "key": "k", "type": "t", "name": "n", "language": "sql", "implementation": "x"} | nulls
    run = run_of(checks=[check, {}, check | {"diagnostics": {"a": [1]}}], logs=None, outputPortId=None)
    assert api.call("POST", "/api/test-results", run).status == 200


@pytest.mark.parametrize("result", ["passed", "failed", "warning", "error", "unknown"])
def test_3_9_the_five_results(api: Api, result: str) -> None:
    api.made("datacontracts", contract("orders-v1", "production"))
    run = run_of(result=result, checks=[{"type": "t", "result": result}])
    assert api.call("POST", "/api/test-results", run).status == 200


def test_3_9_the_same_id_again_replaces_the_earlier_run(api: Api) -> None:
    api.made("datacontracts", contract("orders-v1", "production"))
    api.made("datacontracts", contract("other", "production"))
    for contract_id in ("orders-v1", "orders-v1", "other"):
        assert api.call("POST", "/api/test-results", run_of(contract_id)).status == 200
    assert api.store.count("test_run/by-contract/orders-v1") == 0
    assert api.store.count("test_run/by-contract/other") == 1
