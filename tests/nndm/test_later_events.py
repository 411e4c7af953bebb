"""Events that readers of later versions know (contract X1, X8): always in the log, told where it is asked."""

from __future__ import annotations

from uuid import UUID

import pytest

from souk.store.port import Store
from tests.nndm.agreements import Agreements
from tests.nndm.driver import Api, Document, told
from tests.nndm.samples import asset, contract, run_of, team

PREFIX = "com.datamesh-manager.events."


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The types of later versions are told."""
    monkeypatch.setenv("SOUK_LATER_EVENTS", "true")


def names(events: list[Document]) -> list[str]:
    return [event["type"].removeprefix(PREFIX).removesuffix("Event") for event in events]


def live(agreements: Agreements) -> None:
    """An agreement that is asked for, approved and cancelled, and a team in between."""
    provider, info = {"dataProductId": "orders", "outputPortId": "out"}, {"purpose": "p", "startDate": "2031-03-01"}
    agreements.api.made("access", {"info": info, "provider": provider, "consumer": {"teamId": "analysts"}}, "a")
    agreements.api.call("POST", "/api/access/a/approve")
    agreements.api.made("teams", team("between"))
    agreements.api.call("POST", "/api/access/a/cancel")


WORDS = ["Created", "Requested", "Updated", "Approved", "Activated", "Updated", "Canceled", "Deactivated"]


@pytest.mark.usefixtures("later")
def test_x1_every_event_of_an_agreement_is_followed_by_its_twin(agreements: Agreements) -> None:
    live(agreements)
    events = [event for event in agreements.api.feed() if event["subject"] == "a"]
    assert names(events) == [f"{kind}{word}" for word in WORDS for kind in ("DataUsageAgreement", "Access")]
    for event, twin in zip(events[::2], events[1::2], strict=True):
        assert twin == event | {"id": twin["id"], "type": twin["type"]}
        assert str(UUID(twin["id"])) == twin["id"] > event["id"]


@pytest.mark.usefixtures("later")
def test_x1_a_reader_may_stop_between_twins(agreements: Agreements) -> None:
    live(agreements)
    whole = agreements.api.feed()
    for at, event in enumerate(whole):
        assert agreements.api.feed(event["id"]) == whole[at + 1 :]


def test_x1_the_feed_can_be_without_twins(agreements: Agreements, monkeypatch: pytest.MonkeyPatch) -> None:
    live(agreements)
    first = agreements.api.feed()
    assert [name for name in names(first) if name.startswith("DataUsage")] == [f"DataUsageAgreement{w}" for w in WORDS]
    monkeypatch.setenv("SOUK_LATER_EVENTS", "true")
    whole = agreements.api.feed()
    assert [event for event in whole if not told(event).startswith("Access")] == first
    assert agreements.api.feed(first[-1]["id"]) == whole[whole.index(first[-1]) + 1 :]


@pytest.mark.usefixtures("later")
def test_x1_a_page_holds_a_thousand_events_with_their_twins(agreements: Agreements) -> None:
    provider = {"dataProductId": "orders", "outputPortId": "out"}
    for n in range(260):
        sent = {"info": {"purpose": "p"}, "provider": provider, "consumer": {"teamId": "analysts"}}
        agreements.api.made("access", sent, f"a{n}")
    pages = [agreements.api.feed()]
    while pages[-1]:
        pages.append(agreements.api.feed(pages[-1][-1]["id"]))
    assert [len(page) > 0 for page in pages] == [True, True, False]
    assert len(pages[0]) == 1000
    ids = [event["id"] for page in pages for event in page]
    assert len(ids) == len(set(ids))
    subjects = [event["subject"] for page in pages for event in page]
    assert [subjects.count(f"a{n}") for n in range(260)] == [4] * 260


@pytest.mark.usefixtures("later")
def test_x8_assets_and_runs_are_told(api: Api) -> None:
    def change() -> None:
        api.made("assets", asset("table"))
        api.made("assets", asset("table"))
        api.put("assets", {"id": "other"}, "table")
        api.removed("assets", "table")
        for result in ("passed", "failed"):
            api.call("POST", "/api/test-results", run_of(result=result))
        api.removed("test-results", "run-1")

    api.made("datacontracts", contract("orders-v1", "production"))
    assert api.news(change) == [
        "AssetCreated table",
        "AssetUpdated table",
        "AssetDeleted table",
        "TestResultsCreated run-1",
        "TestResultsCreated run-1",
        "TestResultsDeleted run-1",
    ]
    assert [event["data"].get("status") for event in api.feed()[-3:]] == ["passed", "failed", None]


def test_x8_events_say_who_where_it_is_asked(store: Store, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "principal" not in api.feed()[0]
    monkeypatch.setenv("SOUK_EVENT_PRINCIPALS", "true")
    (event,) = api.feed()
    assert str(UUID(event["principal"])) == event["principal"]
    assert event["data"] == {"id": "owners", "timestamp": event["data"]["timestamp"]}
