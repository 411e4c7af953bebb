"""datacontract-cli, of today and of 2024: publish, test --publish, lint."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.clients.programs import NEW, OLD, Desk
from tests.wire.nndm.documents import World, changed, definition, fresh, full_contract, product
from tests.wire.nndm.door import Door, stored
from tests.wire.nndm.equality import assert_came_back
from tests.wire.raw import Doc

pytestmark = pytest.mark.clients
BOTH = [pytest.param(NEW, id="today"), pytest.param(OLD, id="2024", marks=pytest.mark.old_clients)]
GENERATIONS = pytest.mark.parametrize("venv", BOTH)
FIELDS = {"id": {"type": "integer", "required": True}, "name": {"type": "string"}}
RESULTS = "POST /api/test-results 200"


def orders(world: World, **servers: Doc) -> Doc:
    """A contract whose data lie in orders.csv."""
    return {
        "dataContractSpecification": "1.1.0",
        "id": fresh("urn:datacontract:checkout:"),
        "info": {"title": "Orders", "version": "1.0.0", "owner": world.team},
        "servers": servers or {"production": {"type": "local", "path": "./orders.csv", "format": "csv"}},
        "models": {"orders": {"type": "table", "fields": FIELDS}},
    }


def cli(desk: Desk, venv: Path, *arguments: object) -> tuple[int, str]:
    """Run `datacontract` and give its exit code and what it printed."""
    desk.write("orders.csv", "id,name\n1,espresso\n2,filter\n")
    finished = desk.run(venv / "bin" / "datacontract", *arguments)
    return finished.code, finished.text


@GENERATIONS
@pytest.mark.parametrize("names", ["ENTROPY_DATA", "DATAMESH_MANAGER", "DATACONTRACT_MANAGER"])
def test_publish_stores_the_file(desk: Desk, door: Door, world: World, venv: Path, names: str) -> None:
    document = orders(world)
    desk = replace(desk, names=names)
    code, text = cli(desk, venv, "publish", desk.write("contract.yaml", document))
    assert (code, "Published data contract successfully" in text) == (0, True), text
    assert desk.relay.lines() == [f"PUT /api/datacontracts/{document['id']} 200"]
    assert_came_back(document, door.get("datacontracts", document["id"]).json())


@GENERATIONS
def test_publish_again_replaces(desk: Desk, door: Door, world: World, venv: Path) -> None:
    document = orders(world)
    for title in ("First", "Second"):
        file = desk.write("contract.yaml", changed(document, "info.title", title))
        assert cli(desk, venv, "publish", file)[0] == 0
    assert door.get("datacontracts", document["id"]).json()["info"]["title"] == "Second"


@GENERATIONS
def test_publish_shows_why_it_was_refused(desk: Desk, door: Door, world: World, venv: Path) -> None:
    document = changed(orders(world), "info.owner", "nobody-at-all")
    code, text = cli(desk, venv, "publish", desk.write("contract.yaml", document))
    assert (code, "nobody-at-all" in text) == (1, True), text
    assert door.get("datacontracts", document["id"]).status == 404


@GENERATIONS
def test_publish_without_the_right_key_fails(desk: Desk, door: Door, world: World, venv: Path) -> None:
    document = orders(world)
    code, text = cli(replace(desk, key="wrong"), venv, "publish", desk.write("contract.yaml", document))
    assert (code, "API key" in text) == (1, True), text
    assert door.get("datacontracts", document["id"]).status == 404


@GENERATIONS
@pytest.mark.parametrize("named", [["--server", "production"], []], ids=["server", "no server"])
def test_test_publishes_its_results(desk: Desk, world: World, venv: Path, named: list[str]) -> None:
    file = desk.write("contract.yaml", orders(world))
    assert cli(desk, venv, "publish", file)[0] == 0
    code, text = cli(desk, venv, "test", file, *named, "--publish", f"{desk.url}/api/test-results")
    assert (code, "Error publishing" in text) == (0, False), text
    assert desk.relay.lines()[-1] == RESULTS
    assert desk.relay.exchanges[-1].json()["result"] in {"passed", "warning"}


@pytest.mark.old_clients
def test_the_client_of_2024_sends_a_run_without_id_and_explicit_nulls(desk: Desk, world: World) -> None:
    file = desk.write("contract.yaml", orders(world))
    assert cli(desk, OLD, "publish", file)[0] == 0
    cli(desk, OLD, "test", file, "--publish", f"{desk.url}/api/test-results")
    sent = desk.relay.exchanges[-1].json()
    assert ("id" in sent, desk.relay.lines()[-1]) == (False, RESULTS)
    assert sent["runId"] != ""
    assert None in {held for held in sent.values() if not isinstance(held, (list, dict))}


@GENERATIONS
def test_test_publishes_failures_too(desk: Desk, world: World, venv: Path) -> None:
    document = changed(orders(world), "models.orders.fields.price", {"type": "number", "required": True})
    file = desk.write("contract.yaml", document)
    assert cli(desk, venv, "publish", file)[0] == 0
    code, _ = cli(desk, venv, "test", file, "--publish", f"{desk.url}/api/test-results")
    assert (code, desk.relay.lines()[-1]) == (1, RESULTS)
    assert desk.relay.exchanges[-1].json()["result"] in {"failed", "error"}


def test_test_says_when_its_results_were_refused(desk: Desk, world: World) -> None:
    document = orders(world)
    file = desk.write("contract.yaml", document)
    code, text = cli(desk, NEW, "test", file, "--publish", f"{desk.url}/api/test-results")
    assert (code, document["id"] in text.rsplit("Error publishing", 1)[-1]) == (1, True), text
    assert desk.relay.lines()[-1] in {"POST /api/test-results 422", "POST /api/test-results 404"}


@GENERATIONS
def test_lint_reads_the_export(desk: Desk, door: Door, world: World, venv: Path) -> None:
    id = fresh("urn:datacontract:lint:")
    document = full_contract(id, world)
    code = {"type": "string", "example": "0123", "enum": ["yes", "no"]}
    document["models"] = {"orders": {"type": "table", "fields": FIELDS | {"zip": code}}}
    stored(door.put("datacontracts", id, document))
    exit_code, text = cli(desk, venv, "lint", f"{desk.url}/api/datacontracts/{id}/datacontract.yaml")
    assert exit_code == 0, text
    assert desk.relay.lines() == [f"GET /api/datacontracts/{id}/datacontract.yaml 200"]


@GENERATIONS
def test_lint_of_what_is_not_there_fails(desk: Desk, venv: Path) -> None:
    code, _ = cli(desk, venv, "lint", f"{desk.url}/api/datacontracts/{fresh()}/datacontract.yaml")
    assert code == 1
    assert desk.relay.lines()[-1].endswith(" 404")


@GENERATIONS
def test_test_runs_a_contract_of_the_marketplace(desk: Desk, door: Door, world: World, venv: Path) -> None:
    document = orders(world)
    stored(door.put("datacontracts", document["id"], document))
    location = f"{desk.url}/api/datacontracts/{document['id']}/datacontract.yaml"
    code, text = cli(desk, venv, "test", location, "--publish", f"{desk.url}/api/test-results")
    assert code == 0, text
    assert RESULTS in desk.relay.lines()


def of_the_open_standard(*columns: dict[str, Any]) -> dict[str, Any]:
    """A new contract of one table with these columns."""
    return {
        "apiVersion": "v3.0.2",
        "kind": "DataContract",
        "id": fresh("urn:datacontract:odcs:"),
        "name": "Orders",
        "version": "1.0.0",
        "status": "active",
        "servers": [{"server": "local", "type": "local", "path": "./orders.csv", "format": "csv"}],
        "schema": [{"name": "orders", "physicalType": "table", "properties": [*columns]}],
    }


@GENERATIONS
def test_a_contract_of_the_open_standard_is_published_and_tested(
    desk: Desk, door: Door, world: World, venv: Path
) -> None:
    columns: list[dict[str, Any]] = [
        {"name": "id", "logicalType": "integer", "required": True},
        {"name": "name", "logicalType": "string"},
    ]
    document = of_the_open_standard(*columns)
    file = desk.write("contract.odcs.yaml", document)
    assert cli(desk, venv, "publish", file)[0] == 0
    assert_came_back(document, door.get("datacontracts", document["id"]).json())
    code, text = cli(desk, venv, "test", file, "--server", "local", "--publish", f"{desk.url}/api/test-results")
    assert (code, desk.relay.lines()[-1]) == (0, RESULTS), text
    code, text = cli(desk, venv, "lint", f"{desk.url}/api/datacontracts/{document['id']}/datacontract.yaml")
    assert code == 0, text


def test_a_column_follows_the_definition_that_it_refers_to(desk: Desk, door: Door, world: World) -> None:
    """The client reads the definition as a property of the open standard, and tests data by what it says."""
    id = f"{fresh('checkout')}/order_id"
    rules = {"type": "string", "description": "What an order is called", "enum": ["espresso"], "pii": False}
    stored(door.put("definitions", id, definition(id, world) | rules))
    refers = {"authoritativeDefinitions": [{"type": "definition", "url": f"/api/definitions/{id}"}]}
    document = of_the_open_standard({"name": "name"} | refers)
    file = desk.write("contract.odcs.yaml", document)
    code, text = cli(desk, NEW, "export", "sql", file)
    assert (code, "COMMENT 'What an order is called'" in text) == (0, True), text
    code, text = cli(desk, NEW, "test", file)
    assert (code, "enum" in text) == (1, True), text
    assert set(desk.relay.lines()) == {f"GET /api/definitions/{id} 200"}


def test_a_published_contract_can_be_used_by_a_product(desk: Desk, door: Door, world: World) -> None:
    document, id = orders(world), fresh("product")
    assert cli(desk, NEW, "publish", desk.write("contract.yaml", document))[0] == 0
    ports = [{"id": "out", "name": "Out", "dataContractId": document["id"]}]
    stored(door.put("dataproducts", id, product(id, world) | {"outputPorts": ports}))
    assert door.delete("datacontracts", document["id"]).status == 422
