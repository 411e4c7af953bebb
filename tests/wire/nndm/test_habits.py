"""Section 9: whole conversations as clients have them."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.wire.nndm.documents import (
    KINDS,
    World,
    changed,
    contract,
    day,
    fresh,
    full_asset,
    full_product,
    port,
    product,
    results,
    team,
)
from tests.wire.nndm.door import JSON_TYPE, Door, bare, encoded, eventually, refused, stored
from tests.wire.nndm.equality import assert_came_back
from tests.wire.nndm.feed import Feed

CURL = {"content-type": "application/json", "accept": "*/*", "user-agent": "curl/8.5.0"}


def test_a_gitops_pipeline_deploys_twice(door: Door, world: World) -> None:
    """PUT in order, approve everything, every time; then look for what is there by `.id`."""
    names = {kind.path: fresh(kind.path) for kind in KINDS}
    documents = {kind.path: kind.full(names[kind.path], world) for kind in KINDS if kind.path != "assets"}
    documents["dataproducts"]["outputPorts"][0] |= {"dataContractId": names["datacontracts"]}
    documents["datausageagreements"]["provider"] = {"dataProductId": names["dataproducts"], "outputPortId": "out"}
    for _ in range(2):
        puts = [
            door.call("PUT", f"/api/{path}/{bare(doc['id'])}", doc, **CURL).status for path, doc in documents.items()
        ]
        approval = door.call("POST", f"/api/datausageagreements/{names['datausageagreements']}/approve", **CURL)
        assert (puts, approval.status) == ([200] * 6, 200)
    assert [door.call("GET", f"/api/{path}/{doc['id']}", **CURL).json()["id"] for path, doc in documents.items()] == [
        doc["id"] for doc in documents.values()
    ]


@pytest.mark.parametrize("type", [None, "application/x-www-form-urlencoded", "text/plain", "application/octet-stream"])
def test_curl_sends_data_under_any_type(door: Door, type: str | None) -> None:
    id = fresh()
    sent = team(id) | {"name": "Größe"}
    headers = {"x-api-key": door.key} | ({} if type is None else {"content-type": type})
    assert door.send("PUT", f"/api/teams/{id}", json.dumps(sent, ensure_ascii=False).encode(), headers).status == 200
    assert_came_back(sent, door.get("teams", id).json())


def test_a_script_joins_products_and_contracts_page_by_page(door: Door, world: World) -> None:
    id, contract_id = fresh("p"), fresh("c")
    stored(door.put("datacontracts", contract_id, contract(contract_id, world)))
    stored(door.put("dataproducts", id, product(id, world, port("out", dataContractId=contract_id))))

    def joined() -> list[str]:
        found, page = [], 0
        while batch := door.call("GET", f"/api/dataproducts?p={page}", **CURL).json():
            found += [
                entry["id"]
                for entry in batch
                for out in entry["outputPorts"]
                if out.get("dataContractId") == contract_id
            ]
            page += 1
        return found

    assert eventually(joined, bool) == [id]


def test_the_contract_cli_publishes_and_reports(door: Door, world: World) -> None:
    """Bare id in the path, the file as it is, no accept header; results with the name of the run only."""
    id = fresh("urn:datacontract:checkout:")
    headers = {"Content-Type": "application/json", "x-api-key": door.key}
    sent = contract(id, world, {"production": {"type": "local", "path": "a.csv"}})
    answer = door.send("PUT", f"/api/datacontracts/{id}", json.dumps(sent).encode(), headers)
    assert answer.status == 200
    link = answer.headers.get("location-html", "http://none")
    assert link.startswith("http")
    run: dict[str, Any] = changed(results(fresh(), id), "id", None) | {
        "runId": fresh(),
        "server": None,
        "outputPortId": None,
    }
    assert door.send("POST", "/api/test-results", json.dumps(run).encode(), headers).status == 200


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_cli_lists_gets_and_deletes_with_a_content_type(door: Door, world: World, kind: Any) -> None:
    id = fresh("urn:x:")
    stored(door.call("PUT", f"/api/{kind.path}/{id}", kind.full(id, world)))
    assert isinstance(door.call("GET", f"/api/{kind.path}?p=0", **JSON_TYPE).json(), list)
    assert door.call("GET", f"/api/{kind.path}/{id}", **JSON_TYPE).json()["id"] == id
    assert door.call("DELETE", f"/api/{kind.path}/{id}", **JSON_TYPE).status == 200


def test_an_asset_synchroniser_finds_nothing_to_do(door: Door, world: World) -> None:
    """GET, compare with what was sent, PUT only if it differs."""
    id = fresh("urn:asset:")
    sent = full_asset(id, world)
    stored(door.call("PUT", f"/api/assets/{encoded(id)}", sent))
    for _ in range(2):
        got = door.call("GET", f"/api/assets/{encoded(id)}").json()
        assert [got.get(field) == held for field, held in sent.items()] == [True] * len(sent)
        stored(door.put("assets", id, got))


def test_typed_models_find_the_fields_they_need(door: Door, world: World) -> None:
    product_id, agreement_id = fresh(), fresh()
    stored(door.put("dataproducts", product_id, full_product(product_id, world)))
    sent = KINDS[5].small(agreement_id, world)
    sent["info"]["startDate"] = day(0)
    stored(door.put("datausageagreements", agreement_id, sent))
    held = door.get("datausageagreements", agreement_id).json()
    assert (held["id"], held["info"]["active"], held["info"]["status"]) == (agreement_id, False, "requested")
    assert held["info"]["startDate"] == day(0)
    assert door.get("dataproducts", product_id).json()["id"] == product_id


def test_a_connector_reads_the_feed_in_a_loop(door: Door, feed: Feed) -> None:
    feed.settle()
    last = feed.log[-1]["id"]
    id = fresh()
    stored(door.put("teams", id, team(id)))

    def polled() -> list[str]:
        return [event["subject"] for event in door.events(last, longPolling="false")]

    assert id in eventually(polled, lambda subjects: id in subjects)


def test_a_forge_reads_why_a_team_is_missing(door: Door, world: World) -> None:
    id = fresh()
    words = refused(door.put("sourcesystems", id, {"id": id, "name": "n", "owner": "nobody-here"}), 422)
    assert "nobody-here" in words
    assert "team" in words.lower()


def test_r7_unknown_paths_are_worded_as_problems(door: Door) -> None:
    answer = door.call("GET", f"/api/{fresh()}")
    refused(answer, 404)
    assert answer.kind == "application/problem+json"


def test_a_connection_is_kept_alive(door: Door) -> None:
    parts = urlsplit(door.url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)
    statuses = []
    for target in ("/api/teams?p=0", "/api/teams/none", "/api/nothing", "/api/teams?p=0"):
        connection.request("GET", target, headers=door.headers)
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
    connection.close()
    assert statuses == [200, 404, 404, 200]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_body_may_come_in_chunks(door: Door, world: World, kind: Any) -> None:
    id = fresh()
    text = json.dumps(kind.full(id, world)).encode()
    parts = urlsplit(door.url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)
    pieces = (text[at : at + 50] for at in range(0, len(text), 50))
    connection.request("PUT", f"/api/{kind.path}/{id}", pieces, door.headers | JSON_TYPE, encode_chunked=True)
    status = connection.getresponse().status
    connection.close()
    assert status == 200
    assert_came_back(kind.full(id, world), door.get(kind.path, id).json())
