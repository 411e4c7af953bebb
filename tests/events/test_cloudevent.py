from __future__ import annotations

from typing import Any

import pytest

from souk.events import cloudevent

AT, LATER = "2024-01-01T10:00:00.000000Z", "2024-01-01T10:00:05.000000Z"


def an(kind: str, verb: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "verb": verb, "subject": "s", "time": AT, "logged": LATER, "data": {}} | more


@pytest.mark.parametrize(
    ("kind", "verb", "name"),
    [
        ("product", "created", "DataProductCreatedEvent"),
        ("port", "updated", "OutputPortUpdatedEvent"),
        ("contract", "deleted", "DataContractDeletedEvent"),
        ("access", "requested", "DataUsageAgreementRequestedEvent"),
        ("access", "deactivated", "DataUsageAgreementDeactivatedEvent"),
        ("team", "created", "TeamCreatedEvent"),
        ("source_system", "created", "SourceSystemCreatedEvent"),
        ("definition", "updated", "DefinitionUpdatedEvent"),
        ("test_run", "added", "TestResultsAddedEvent"),
        ("data_set", "looked_at", "DataSetLookedAtEvent"),
    ],
)
def test_names(kind: str, verb: str, name: str) -> None:
    assert cloudevent.name(an(kind, verb)) == name
    assert cloudevent.render(an(kind, verb), "id")["type"] == f"com.datamesh-manager.events.{name}"


def test_the_envelope() -> None:
    shown = cloudevent.render(an("product", "created", principal="someone"), "an-id")
    assert shown == {
        "specversion": "1.0",
        "id": "an-id",
        "type": "com.datamesh-manager.events.DataProductCreatedEvent",
        "source": "https://souk.local",
        "subject": "s",
        "time": LATER,
        "datacontenttype": "application/json",
        "data": {"id": "s", "timestamp": AT},
    }


def test_the_business_time_is_when_it_was_due() -> None:
    shown = cloudevent.render(an("access", "activated", due="2023-12-31T00:00:00.000000Z"), "i")
    assert shown["time"] == LATER
    assert shown["data"] == {"id": "s", "timestamp": "2023-12-31T00:00:00.000000Z"}


def test_a_port_is_named_beside_its_product() -> None:
    shown = cloudevent.render(an("port", "created", data={"port": "p1", "other": 1}), "i")
    assert shown["data"] == {"id": "s", "outputPortId": "p1", "timestamp": AT}
    assert shown["subject"] == "s"


def test_prefix_and_source_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUK_EVENT_TYPE_PREFIX", "org.example.")
    monkeypatch.setenv("SOUK_EVENT_SOURCE", "https://souk.example.org")
    shown = cloudevent.render(an("team", "deleted"), "i")
    assert (shown["type"], shown["source"]) == ("org.example.TeamDeletedEvent", "https://souk.example.org")


def test_a_notice_keeps_its_name_and_its_facts() -> None:
    notice = {"name": "api_key.rotated", "time": AT, "data": {"id": "k", "label": "ci"}}
    shown = cloudevent.render(notice, "i")
    assert shown["type"] == "com.datamesh-manager.events.api_key.rotated"
    assert shown["subject"] == "k"
    assert shown["time"] == AT
    assert shown["data"] == {"id": "k", "label": "ci", "timestamp": AT}


def test_an_event_before_it_has_its_place_shows_its_own_time() -> None:
    event = an("team", "created")
    del event["logged"]
    assert cloudevent.render(event, "i")["time"] == AT
