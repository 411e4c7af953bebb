"""What today's clients need beside the 37 operations: contract section 10."""

from __future__ import annotations

import json
from typing import Any

import pytest
from open_data_contract_standard.model import SchemaProperty

from tests.nndm.agreements import Agreements
from tests.nndm.driver import Api, Document, exact
from tests.nndm.samples import contract, definition, run_of

CONNECTOR: Document = {
    "id": "snowflake",
    "info": {"type": "snowflake", "description": None, "connectorVersion": "1.0.0", "x": 1},
    "health": {"status": "running", "startedAt": "2026-03-01T10:00:00Z"},
    "state": {"lastEventId": "95837f96-766f-4f8b-96f8-4f337f2a36a6", "deep": [1, 1.0, {"a": None}]},
    "custom": {"p": {}},
    "more": 1e-9,
}


def test_x1_an_agreement_has_two_addresses(agreements: Agreements) -> None:
    api = agreements.api
    sent = {
        "info": {"purpose": "p"},
        "provider": {"dataProductId": "orders", "outputPortId": "out"},
        "consumer": {"teamId": "analysts"},
        "roles": ["reader"],
    }
    api.made("access", {"id": "a"} | sent, "a")
    assert api.shown("access", "a") == api.shown("datausageagreements", "a")
    assert api.listed("access") == api.listed("datausageagreements") == [api.shown("access", "a")]
    for action, status in (("approve", "approved"), ("cancel", "approved")):
        assert api.call("POST", f"/api/access/a/{action}").status == 200
        assert api.shown("datausageagreements", "a")["info"]["status"] == status
    api.made("datausageagreements", {"id": "b"} | sent, "b")
    assert api.call("POST", "/api/access/b/reject").status == 200
    assert api.shown("access", "b")["info"]["status"] == "rejected"
    api.removed("access", "a")
    assert api.get("datausageagreements", "a").status == 404
    assert api.get("access", "a").detail == "Could not find data usage agreement by id 'a'"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("providerDataProductId=orders", ["team", "user", "product"]),
        ("providerDataProductId=reports", []),
        ("consumerDataProductId=reports", ["product"]),
        ("consumerType=team", ["team"]),
        ("consumerType=user&consumerType=dataProduct", ["user", "product"]),
        ("consumerType=USER&providerDataProductId=orders&p=0", ["user"]),
        ("consumerType=", ["team", "user", "product"]),
    ],
)
def test_x1_agreements_are_filtered(agreements: Agreements, query: str, found: list[str]) -> None:
    consumers = {"team": {"teamId": "analysts"}, "user": {"userId": "a@b.c"}, "product": {"dataProductId": "reports"}}
    for id, consumer in consumers.items():
        provider = {"dataProductId": "orders", "outputPortId": "out"}
        agreements.api.made("access", {"info": {"purpose": "p"}, "provider": provider, "consumer": consumer}, id)
    assert sorted(entry["id"] for entry in agreements.api.listed(f"access?{query}")) == sorted(found)


def test_x2_a_connector_is_kept_as_it_is_and_told_to_nobody(api: Api) -> None:
    assert api.news(lambda: api.made("connectors", CONNECTOR)) == []
    assert exact(api.shown("connectors", "snowflake")) == exact(CONNECTOR)
    later = CONNECTOR | {"state": {"lastEventId": "x"}}
    api.made("connectors", later)
    assert exact(api.listed("connectors")) == exact([later])
    assert api.listed("connectors?p=1") == []
    api.removed("connectors", "snowflake")
    assert api.get("connectors", "snowflake").detail == "Could not find connector by id 'snowflake'"
    assert api.delete("connectors", "snowflake").status == 404


def test_x2_a_connector_that_says_nothing_shows_where_it_would(api: Api) -> None:
    api.made("connectors", {"state": None}, "silent")
    assert api.shown("connectors", "silent") == {"id": "silent", "state": None, "info": {}}


@pytest.mark.parametrize(
    "wrong",
    [{"id": "other"}, {"id": 5}, {"info": "x"}, {"info": {"type": 1}}, {"state": []}, {"health": {"status": 1}}],
)
def test_x2_a_connector_of_another_shape_is_refused(api: Api, wrong: dict[str, Any]) -> None:
    assert api.put("connectors", CONNECTOR | wrong, "snowflake").status == 422
    assert api.get("connectors", "snowflake").status == 404


def test_x3_a_key_may_come_as_a_bearer_token(api: Api) -> None:
    answers = [
        Api(api.store, api.secret, **{"x-api-key": "", "authorization": words}).call("GET", "/api/teams")
        for words in (f"Bearer {api.secret}", f"bearer {api.secret}", "Bearer wrong", "")
    ]
    assert [answer.status for answer in answers] == [200, 200, 403, 403]


@pytest.mark.parametrize("form", ["checkout/customer_id", "checkout%2Fcustomer_id"])
def test_x4_ids_of_definitions_may_hold_slashes(api: Api, form: str) -> None:
    sent = definition("checkout/customer_id", title="Customer")
    assert api.call("PUT", f"/api/definitions/{form}", sent).status == 200
    assert api.call("GET", f"/api/definitions/{form}").json() == sent
    assert api.shown("definitions", "checkout/customer_id") == sent
    assert api.listed("definitions") == [sent]
    assert api.feed()[-1]["subject"] == "checkout/customer_id"
    assert api.call("PUT", f"/api/definitions/{form}", sent | {"id": "customer_id"}).status == 422
    assert api.call("DELETE", f"/api/definitions/{form}").status == 200
    assert api.call("GET", f"/api/definitions/{form}").status == 404


KIND = "application/vnd.entropydata.odcs+json"
TERM: Document = {
    "title": "Customer number",
    "description": "Who bought",
    "type": "varchar",
    "format": "uuid",
    "minLength": 36,
    "minimum": 0,
    "example": "243c25e5",
    "classification": "internal",
    "enum": ["a", "b"],
    "tags": ["key"],
    "pii": False,
}


def test_x5_a_definition_is_a_property_of_the_open_standard_where_it_is_asked_for(api: Api) -> None:
    sent = definition("customer_id", **TERM)
    assert api.call("PUT", "/api/definitions/customer_id", sent).status == 200
    answer = api.call("GET", "/api/definitions/customer_id", accept=KIND)
    assert (answer.headers["content-type"], answer.headers["vary"]) == (KIND, "accept")
    shown = json.loads(answer.body)
    assert shown == {
        "name": "Customer",
        "businessName": "Customer number",
        "description": "Who bought",
        "logicalType": "string",
        "logicalTypeOptions": {"format": "uuid", "minLength": 36, "minimum": 0},
        "examples": ["243c25e5"],
        "classification": "internal",
        "enum": [{"value": "a"}, {"value": "b"}],
        "tags": ["key"],
        "customProperties": [{"property": "pii", "value": False}],
    }
    assert SchemaProperty.model_validate(shown).logicalType == "string"
    assert api.call("GET", "/api/definitions/customer_id", accept="application/json, */*").json() == sent
    bare = definition("bare", type="geometry")
    assert api.call("PUT", "/api/definitions/bare", bare).status == 200
    assert json.loads(api.call("GET", "/api/definitions/bare", accept=KIND).body) == {"name": "Customer"}
    assert api.call("GET", "/api/definitions/nothing", accept=KIND).status == 404


def test_x6_runs_are_read_and_deleted(api: Api) -> None:
    for id in ("orders-v1", "other"):
        api.made("datacontracts", contract(id, "production"))
    runs = [run_of(id="1"), run_of("other", id="2"), run_of(id="3", result="failed", more={"a": 1e-9})]
    for run in runs:
        assert api.call("POST", "/api/test-results", run).status == 200
    assert exact(api.listed("test-results")) == exact(runs)
    assert exact(api.listed("test-results?dataContractId=orders-v1")) == exact([runs[0], runs[2]])
    assert api.listed("test-results?dataContractId=nobody&p=0") == []
    assert exact(api.shown("test-results", "3")) == exact(runs[2])
    api.removed("test-results", "3")
    assert api.get("test-results", "3").detail == "Could not find test result by id '3'"
    assert api.delete("test-results", "3").status == 404
    assert api.listed("test-results?dataContractId=orders-v1") == [runs[0]]
    assert api.listed("test-results?p=0") == runs[:2]


def test_x6_a_run_shows_what_it_was_taken_for(api: Api) -> None:
    """The only server, and the run's own id: typed clients read neither as missing."""
    api.made("datacontracts", contract("orders-v1", "production"))
    old = {name: value for name, value in run_of().items() if name != "id"} | {"runId": "r", "server": None}
    assert api.call("POST", "/api/test-results", old).status == 200
    assert api.shown("test-results", "r") == old | {"id": "r", "server": "production"}


def test_x6_a_run_sent_again_keeps_its_place(api: Api) -> None:
    api.made("datacontracts", contract("orders-v1", "production"))
    for id, result in (("1", "passed"), ("2", "passed"), ("1", "failed")):
        assert api.call("POST", "/api/test-results", run_of(id=id, result=result)).status == 200
    assert [(run["id"], run["result"]) for run in api.listed("test-results")] == [("1", "failed"), ("2", "passed")]
