"""The event feed: contract section 7, ruling R1."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

import pytest

from souk.store.port import Store
from tests.nndm.driver import Api, told
from tests.nndm.samples import EVENT_NAMES, MINIMAL, asset, port, product, team
from tests.threads import at_once


def test_7_1_the_envelope(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUK_EVENT_SOURCE", "https://app.example.com")
    api.made("dataproducts", product("p", port("o")))
    answer_type = api.call("GET", "/api/events").headers["content-type"]
    assert answer_type == "application/cloudevents-batch+json"
    by_name = {told(event): event for event in api.feed()}
    event = by_name["DataProductCreated p"]
    assert str(UUID(event["id"])) == event["id"]
    assert event["type"] == "com.datamesh-manager.events.DataProductCreatedEvent"
    assert (event["specversion"], event["datacontenttype"]) == ("1.0", "application/json")
    assert (event["source"], event["subject"]) == ("https://app.example.com", "p")
    assert event["data"] == {"id": "p", "timestamp": event["data"]["timestamp"]}
    for instant in (event["time"], event["data"]["timestamp"]):
        assert datetime.fromisoformat(instant).utcoffset() is not None
    ports = by_name["OutputPortCreated p/o"]
    assert ports["subject"] == "p"
    assert ports["data"] == {"id": "p", "outputPortId": "o", "timestamp": ports["data"]["timestamp"]}


def test_7_1_the_prefix_of_types_can_be_set(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUK_EVENT_TYPE_PREFIX", "com.example.")
    assert [event["type"] for event in api.feed()] == ["com.example.TeamCreatedEvent"]


@pytest.mark.parametrize("kind", sorted(EVENT_NAMES))
def test_7_2_created_updated_deleted(api: Api, kind: str) -> None:
    name, document = EVENT_NAMES[kind], MINIMAL[kind]

    def life() -> None:
        api.made(kind, document)
        api.made(kind, document)
        api.put(kind, {"id": "minimal"})
        api.removed(kind, "minimal")
        api.delete(kind, "minimal")

    assert api.news(life) == [f"{name}{verb} minimal" for verb in ("Created", "Updated", "Deleted")]


def test_7_2_assets_tell_nothing(api: Api) -> None:
    assert api.news(lambda: api.made("assets", asset("a"))) == []
    assert api.news(lambda: api.removed("assets", "a")) == []


def test_7_3_an_empty_feed_and_an_empty_last_event_id(store: Store) -> None:
    api = Api(store)
    assert api.feed() == []
    api.made("teams", team("t"))
    first = api.feed()
    assert api.call("GET", "/api/events?lastEventId=").json() == first
    assert api.feed(first[0]["id"]) == []


def test_7_3_events_after_any_event_are_the_rest(api: Api) -> None:
    for n in range(5):
        api.made("dataproducts", product(f"p{n}", port("a"), port("b")))
    whole = api.feed()
    for at, event in enumerate(whole):
        assert api.feed(event["id"]) == whole[at + 1 :]


@pytest.mark.parametrize("query", ["longPolling=false", "longPolling=true", "timeout=5000", "longPolling=x&timeout=y"])
def test_7_3_the_answer_comes_at_once(api: Api, query: str) -> None:
    last = api.feed()[-1]["id"]
    assert api.call("GET", f"/api/events?lastEventId={last}&{query}").json() == []


@pytest.mark.parametrize(
    "id", ["x", "1ef9ebfd-1baf-6800-b4cc-29ec4630cb43", "00000000-0000-8000-8000-000000000000", "0", "%00", "é" * 500]
)
def test_7_3_an_unknown_last_event_id_is_404(api: Api, id: str) -> None:
    answer = api.call("GET", f"/api/events?lastEventId={id}")
    assert answer.status == 404
    assert "Could not find event by id" in answer.detail


def test_7_3_a_thousand_events_at_most_and_none_lost_at_the_border(api: Api) -> None:
    for n in range(4):
        api.made("dataproducts", product(f"p{n}", *[port(f"o{m}") for m in range(300)]))
    pages = [api.feed()]
    while pages[-1]:
        pages.append(api.feed(pages[-1][-1]["id"]))
    assert [len(page) for page in pages] == [1000, 205, 0]
    told_all = [told(event) for page in pages for event in page]
    assert len(set(told_all)) == 1205
    assert len({event["id"] for page in pages for event in page}) == 1205


def test_r1_time_never_runs_backwards_and_ids_are_unique_under_writers(api: Api) -> None:
    def write(name: str) -> None:
        for n in range(10):
            api.made("teams", team(f"{name}{n}"))
            api.made("teams", team(f"{name}{n}"))
            api.removed("teams", f"{name}{n}")

    at_once(*[partial(write, name) for name in "abcdefgh"])
    events = api.feed()
    times = [event["time"] for event in events]
    assert times == sorted(times)
    assert len({event["id"] for event in events}) == len(events) == 1 + 8 * 10 * 3
    for name in "abcdefgh":
        for n in range(10):
            of_one = [told(event) for event in events if event["subject"] == f"{name}{n}"]
            assert of_one == [f"Team{verb} {name}{n}" for verb in ("Created", "Updated", "Deleted")]
