"""Section 10 over HTTP: second names, connectors, slashes in paths, runs, filters, events of later versions."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest

from tests.wire.nndm.documents import (
    World,
    agreement,
    asset,
    contract,
    day,
    definition,
    fresh,
    port,
    product,
    results,
    team,
)
from tests.wire.nndm.door import Door, eventually, refused, stored
from tests.wire.nndm.feed import PREFIX, Feed


def told(feed: Feed, subject: str) -> list[str]:
    """Every event of a subject, of whatever type, in order."""
    feed.settle()
    events = [event for event in feed.log if event["subject"] == subject]
    return [event["type"].removeprefix(PREFIX).removesuffix("Event") for event in events]


def test_x1_access_is_another_name_for_agreements(door: Door, world: World) -> None:
    id = fresh()
    stored(door.put("access", id, agreement(id, world)))
    stored(door.call("POST", f"/api/access/{id}/approve"))
    assert door.get("access", id).json() == door.get("datausageagreements", id).json()
    assert door.get("access", id).json()["info"]["status"] == "approved"
    refused(door.call("POST", f"/api/access/{id}/reject"), 422)
    stored(door.call("POST", f"/api/access/{id}/cancel"))
    assert id in [entry["id"] for entry in door.listed("access")]
    stored(door.delete("access", id))
    refused(door.get("datausageagreements", id), 404)
    refused(door.call("POST", f"/api/access/{id}/approve"), 404)


def test_x1_each_event_of_an_agreement_has_its_twin_behind_it(door: Door, feed: Feed, world: World) -> None:
    id = fresh()
    sent = agreement(id, world)
    sent["info"]["startDate"] = day(-1)
    stored(door.put("datausageagreements", id, sent))
    stored(door.act(id, "approve"))
    stored(door.delete("datausageagreements", id))
    names = told(feed, id)
    first = [name.removeprefix("DataUsageAgreement") for name in names[::2]]
    assert first[:5] == ["Created", "Requested", "Updated", "Approved", "Activated"]
    assert [name.removeprefix("Access") for name in names[1::2]] == first
    events = [event for event in feed.log if event["subject"] == id]
    for event, twin in zip(events[::2], events[1::2], strict=True):
        assert twin["data"] == event["data"]
        assert door.events(event["id"])[0] == twin


def test_x2_connectors(door: Door, feed: Feed) -> None:
    id = fresh("c: ü ")
    sent = {"id": id, "info": {"type": "t"}, "state": {"lastEventId": "1", "n": 1e-9}, "custom": {"x": {}}}
    stored(door.put("connectors", id, sent))
    assert stored(door.get("connectors", id)).json() == sent
    assert sent in eventually(lambda: door.listed("connectors"), lambda found: sent in found)
    stored(door.delete("connectors", id))
    refused(door.get("connectors", id), 404)
    assert told(feed, id) == []


def test_x3_a_bearer_key(door: Door) -> None:
    for words, status in ((f"Bearer {door.key}", 200), ("Bearer nothing", 403)):
        wire = Door(door.url, "")
        wire.headers.pop("x-api-key")
        assert wire.call("GET", "/api/teams?p=0", authorization=words).status == status


@pytest.mark.parametrize("form", ["{}/customer_id", "{}%2Fcustomer_id", "{}%2fcustomer_id"])
def test_x4_slashes(door: Door, feed: Feed, world: World, form: str) -> None:
    area = fresh("checkout")
    id, target = f"{area}/customer_id", f"/api/definitions/{form.format(area)}"
    stored(door.call("PUT", target, definition(id, world)))
    for other in (f"{area}/customer_id", f"{area}%2Fcustomer_id"):
        assert stored(door.call("GET", f"/api/definitions/{other}")).json()["id"] == id
    stored(door.call("DELETE", target))
    refused(door.call("GET", target), 404)
    assert told(feed, id) == ["DefinitionCreated", "DefinitionDeleted"]


@pytest.mark.parametrize("kind", ["teams", "sourcesystems", "assets", "connectors"])
def test_x4_elsewhere_a_slash_is_a_step_of_the_path(door: Door, kind: str) -> None:
    refused(door.call("PUT", f"/api/{kind}/a/b", team("a/b")), 404)
    refused(door.call("PUT", f"/api/{kind}/a%2Fb", team("a/b")), 404)


def test_x6_runs(door: Door, feed: Feed, world: World) -> None:
    of, run = fresh(), fresh()
    stored(door.put("datacontracts", of, contract(of, world) | {"servers": {"production": {"type": "s3"}}}))
    stored(door.call("POST", "/api/test-results", results(run, of)))
    assert stored(door.get("test-results", run)).json() == results(run, of)
    assert eventually(lambda: door.listed("test-results", f"?dataContractId={of}"), bool) == [results(run, of)]
    stored(door.delete("test-results", run))
    refused(door.get("test-results", run), 404)
    refused(door.delete("test-results", run), 404)
    assert told(feed, run) == ["TestResultsCreated", "TestResultsDeleted"]


def test_x7_filters(door: Door, world: World) -> None:
    word, id = fresh("word"), fresh()
    stored(door.put("dataproducts", id, product(id, world, port("out")) | {"tags": [word]}))

    def found(query: str) -> list[str]:
        return [entry["id"] for entry in door.listed("dataproducts", query)]

    assert eventually(lambda: found(f"?tag={word}"), bool) == [id]
    assert found(f"?tag={word}&teamId={world.team}&q={id}") == [id]
    assert found(f"?tag={word}&teamId={world.consumer_team}") == []
    assert found(f"?tag={word}&p=1") == []


def test_x8_assets_are_told_with_who_did_it(door: Door, feed: Feed, world: World) -> None:
    id = fresh()
    stored(door.put("assets", id, asset(id, world)))
    stored(door.delete("assets", id))
    assert told(feed, id) == ["AssetCreated", "AssetDeleted"]
    assert all(event["principal"] for event in feed.log if event["subject"] == id)


def test_x4_a_greedy_route_is_no_way_around_the_key(door: Door) -> None:
    host = urlsplit(door.url)
    connection = http.client.HTTPConnection(str(host.hostname), host.port, timeout=30)
    connection.request("GET", "/api/definitions/a/b")
    assert connection.getresponse().status in {401, 403}
    connection.close()
