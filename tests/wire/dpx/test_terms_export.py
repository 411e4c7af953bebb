"""Contract terms as data contracts of the open standard (contract section 6, R16)."""

from __future__ import annotations

import json

import pytest

from tests.wire.dpx.agreed import EXPORT, FULL, LINK, SERVER, YAML, at, contract, contract_by, exported, put
from tests.wire.dpx.hub import Hub, ok, place, refused, some_id, terms
from tests.wire.raw import Doc


def test_empty_terms_are_a_data_contract(hub: Hub) -> None:
    draft = hub.draft(description="Every batch", version="1.2.0")
    shown = contract(hub, draft)
    assert shown == {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": draft["contract_terms"][0]["id"].partition("@")[0],
        "name": draft["name"],
        "version": "1.2.0",
        "status": "draft",
        "dataProduct": draft["data_product"]["id"],
        "domain": "Roasting",
        "description": {"purpose": "Every batch"},
    }


def test_full_terms_are_a_full_data_contract(hub: Hub) -> None:
    draft = hub.draft()
    hub.post(terms(draft), LINK, 201)
    put(hub, draft, FULL)
    shown = contract(hub, draft)
    assert (shown["name"], shown["version"], shown["domain"]) == ("Roast batches", "2.1.0", "Roasting")
    assert shown["description"]["limitations"] == "No names of people"
    assert shown["description"]["authoritativeDefinitions"] == [{"type": "tutorial", "url": "https://example.com/how"}]
    assert shown["team"] == {"members": [{"username": "kari@example.com", "role": "owner"}]}
    assert (shown["roles"], shown["price"]) == (
        [{"role": "barista"}],
        {"priceAmount": 9.5, "priceCurrency": "NOK", "priceUnit": "month"},
    )
    assert shown["slaProperties"] == [{"property": "frequency", "value": "1d", "element": "batches.roasted_at"}]
    assert shown["support"] == [{"channel": "#batches", "url": "https://example.com/chat"}]
    assert shown["customProperties"] == [{"property": "dataOwner", "value": "Kari"}]
    links = {one["type"]: one["url"] for one in shown["authoritativeDefinitions"]}
    assert links == {
        "businessDefinition": "https://example.com/contract",
        "serviceLevelAgreement": "https://example.com/promise",
    }


def test_servers_and_schemas_are_exported(hub: Hub) -> None:
    draft = hub.draft()
    put(hub, draft, FULL | {"servers": [SERVER, {"server": "lake", "type": "s3", "path": "x"}, {"server": "bare"}]})
    shown = contract(hub, draft)
    first, second, third = shown["servers"]
    assert (first["type"], first["port"], first["roles"]) == ("postgres", 5432, [{"role": "reader"}])
    assert {one["property"]: one["value"] for one in first["customProperties"]}["pool"] == "5"
    assert (second["type"], second["customProperties"]) == ("custom", [{"property": "type", "value": "s3"}])
    assert third == {"server": "bare", "type": "custom"}
    table = shown["schema"][0]
    assert (table["name"], table["physicalType"], table["logicalType"]) == ("batches", "table", "object")
    assert [one.get("logicalType") for one in table["properties"]] == ["string", "number", None, None]
    assert (table["properties"][0]["required"], table["properties"][0]["physicalType"]) == (True, "VARCHAR(36)")
    assert [one["type"] for one in table["quality"]] == ["library", "sql", "custom", "text", "text"]
    assert (table["quality"][0]["mustBeGreaterThan"], table["quality"][1]["mustBeBetween"]) == (100, [0, 1.5])


def test_the_state_of_the_version_is_the_status_of_the_contract(hub: Hub) -> None:
    release = hub.release()
    target, wanted = at(release, kind="releases"), {"accept": YAML}
    assert exported(hub.call("GET", target, **wanted))["status"] == "active"
    hub.post(f"{place(release, 'releases')}/retire")
    assert exported(hub.call("GET", target, **wanted))["status"] == "retired"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (YAML, YAML),
        (f"application/json;q=0.5, {YAML}", YAML),
        (f"{YAML};q=0.1, application/json", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/html", "application/json"),
        (f"{YAML};q=x", "application/json"),
    ],
)
def test_the_caller_says_what_it_accepts(hub: Hub, accept: str, kind: str) -> None:
    answer = hub.call("GET", at(hub.draft()), accept=accept)
    assert (answer.status, answer.kind) == (200, kind)


@pytest.mark.parametrize("accept", ["application/json", f"application/json, {YAML};q=0.2"])
def test_an_export_may_be_json(hub: Hub, accept: str) -> None:
    draft = hub.draft()
    shown = ok(hub.call("GET", at(draft, EXPORT), accept=accept))
    assert shown == contract_by(hub, draft, "*/*") == contract_by(hub, draft, YAML)


@pytest.mark.parametrize("number", ["3", "3.1", "3.1.0", "v3.1.0"])
def test_an_export_has_one_version(hub: Hub, number: str) -> None:
    answer = hub.call("GET", at(hub.draft(), f"format?format=odcs&format_version={number}"), accept=YAML)
    assert exported(answer)["apiVersion"] == "v3.1.0"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "missing_required_value"),
        ("format=odcs", "missing_required_value"),
        ("format_version=3", "missing_required_value"),
        ("format=dcs&format_version=3", "invalid_parameter"),
        ("format=odcs&format_version=2", "invalid_parameter"),
        ("format=odcs&format_version=x", "invalid_parameter"),
    ],
)
def test_a_format_that_is_not_there(hub: Hub, query: str, code: str) -> None:
    assert refused(hub.call("GET", at(hub.draft(), f"format?{query}")), 400) == [code]


def test_terms_of_a_product_made_elsewhere(hub: Hub, everywhere: Doc) -> None:
    shown = exported(hub.call("GET", at(everywhere, kind="releases"), accept=YAML))
    assert (shown["name"], shown["status"]) == (everywhere["name"], "active")


@pytest.fixture
def everywhere(hub: Hub) -> Doc:
    """A release that stands for the card of another door's product."""
    id = some_id()
    product = {"id": id, "info": {"title": "Elsewhere", "owner": "roasting"}, "dataProductSpecification": "0.0.1"}
    assert hub.send("PUT", f"/api/dataproducts/{id}", json.dumps(product).encode(), _key(hub)).status == 200
    shown: Doc = hub.get(f"/data_product_exchange/v1/data_products/{id}")["latest_release"]
    return shown


def _key(hub: Hub) -> dict[str, str]:
    secret = hub.headers["authorization"].removeprefix("Bearer ")
    return {"x-api-key": secret, "content-type": "application/json"}
