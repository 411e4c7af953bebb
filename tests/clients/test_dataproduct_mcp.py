"""dataproduct-mcp, unmodified: an assistant finds a product, reads it, asks for access and queries, over stdio."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.clients.programs import Desk, environment
from tests.running import Running
from tests.wire.nndm.documents import World, fresh, full_contract, port, product
from tests.wire.nndm.door import Door, eventually, stored

pytestmark = [pytest.mark.clients, pytest.mark.new_clients]

VENV = environment("SOUK_CLIENTS_MCP_VENV", ".venv-clients-mcp")
ASSISTANT = Path(__file__).with_name("assistant.py")
TOOLS = ["dataproduct_search", "dataproduct_get", "dataproduct_request_access", "dataproduct_query"]
PURPOSE = "To plan shifts"
Call = tuple[str, dict[str, Any]]


@pytest.fixture
def person(desk: Desk, souk: Running) -> Desk:
    """A desk whose key is a person's token, under the names that this program reads."""
    return replace(desk, key=souk.env["SOUK_OTHER_TOKEN"], names="DATAMESH_MANAGER")


@pytest.fixture
def offered(door: Door, world: World) -> dict[str, str]:
    """An active product with two ports, one that asks and one that approves by itself, and a contract."""
    id, word, contract = fresh("coffee"), fresh("word"), fresh("contract")
    stored(door.put("datacontracts", contract, full_contract(contract, world)))
    ports = [
        port("asks", dataContractId=contract, type="bigquery", server={"project": "p", "dataset": "d", "table": "t"}),
        port("open", autoApprove=True, type="s3", server={"location": "s3://b/k"}),
    ]
    info = {"title": f"Coffee {word}", "owner": world.team, "status": "active", "description": "Batches"}
    stored(door.put("dataproducts", id, product(id, world, *ports) | {"info": info}))
    return {"id": id, "word": word, "contract": contract}


def converse(desk: Desk, *calls: Call) -> Any:
    """What the tools answer. No cloud credentials are looked for outside the desk."""
    nowhere = {"NO_GCE_CHECK": "true", "NO_PROXY": "127.0.0.1"}
    finished = desk.run(
        VENV / "bin" / "python", ASSISTANT, VENV / "bin" / "dataproduct_mcp", json.dumps(calls), **nowhere
    )
    assert finished.code == 0, finished.text
    return finished.told("server")


def at(offered: dict[str, str], port: str, **more: str) -> dict[str, str]:
    return {"data_product_id": offered["id"], "output_port_id": port, "purpose": PURPOSE} | more


def test_the_tools_are_there_and_a_product_is_found_and_read(
    person: Desk, door: Door, offered: dict[str, str], world: World
) -> None:
    eventually(lambda: door.listed("dataproducts"), lambda found: offered["id"] in [one["id"] for one in found])
    calls: list[Call] = [
        ("dataproduct_search", {"search_term": offered["word"]}),
        ("dataproduct_search", {"search_term": fresh("nothing")}),
        ("dataproduct_get", {"data_product_id": offered["id"]}),
        ("dataproduct_get", {"data_product_id": fresh("nothing")}),
    ]
    told = converse(person, *calls)
    assert (told["server"], told["tools"]) == ("DataProductServer", TOOLS)
    found, nothing, read, missing = told["told"]
    expected = {"id": offered["id"], "name": f"Coffee {offered['word']}", "owner": world.team}
    (only,) = found
    assert only == expected | {"description": "Batches", "source": "simple_search"}
    assert nothing == []
    asks, opens = read["outputPorts"]
    assert asks["dataContract"]["id"] == offered["contract"]
    assert [one["accessStatus"][:40] for one in (asks, opens)] == ["You do not have access to this output po"] * 2
    assert "404" in missing["error"]
    refused = [line for line in person.relay.lines() if line.endswith(" 404")]
    assert [line.split("?")[0] for line in refused[:1]] == ["GET /api/search"]


def test_access_is_asked_for_and_opens_the_query(person: Desk, door: Door, offered: dict[str, str]) -> None:
    query = ("dataproduct_query", at(offered, "asks", query="SELECT 1"))
    first, asked, waiting, at_once, unsupported = converse(
        person,
        query,
        ("dataproduct_request_access", at(offered, "asks")),
        ("dataproduct_get", {"data_product_id": offered["id"]}),
        ("dataproduct_request_access", at(offered, "open")),
        ("dataproduct_query", at(offered, "open", query="SELECT 1")),
    )["told"]
    assert first["error"].startswith("You do not have active access")
    assert (asked["status"], asked["auto_approved"]) == ("requested", False)
    assert (at_once["status"], at_once["auto_approved"]) == ("active", True)
    assert unsupported["error"].startswith("Unsupported server type 's3'")
    assert "pending approval" in waiting["outputPorts"][0]["accessStatus"]
    assert stored(door.get("access", asked["access_id"])).json()["info"]["purpose"] == PURPOSE
    stored(door.act(asked["access_id"], "approve"))
    read, allowed, written = converse(
        person,
        ("dataproduct_get", {"data_product_id": offered["id"]}),
        query,
        ("dataproduct_query", at(offered, "asks", query="DROP TABLE t")),
    )["told"]
    assert read["outputPorts"][0]["accessStatus"].startswith("You already have access")
    assert allowed["error"].startswith("Error executing query: No valid credentials found")
    assert written["error"] == "Query rejected for security reasons"
    assert "POST /api/access/evaluation 404" in person.relay.lines()


def test_an_organisations_key_asks_for_nobody(desk: Desk, offered: dict[str, str]) -> None:
    asked, queried = converse(
        replace(desk, names="DATAMESH_MANAGER"),
        ("dataproduct_request_access", at(offered, "asks")),
        ("dataproduct_query", at(offered, "asks", query="SELECT 1")),
    )["told"]
    assert asked["error"].startswith("Error requesting access: Client error '403")
    assert queried["error"].startswith("You do not have active access")
