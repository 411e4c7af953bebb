"""What Souk tells in a run is what its AsyncAPI document says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import httpx
import pytest

from local.asyncapi.document import asyncapi
from local.governance import seed
from local.identities import DOMAIN, FURTHER
from souk.bus import connect as bus_connect
from souk.bus.port import Message
from souk.events.relay import relay_batches, relay_notices
from souk.events.sequencer import drain
from souk.identity import keys, newcomers, users
from souk.identity.principal import Principal
from souk.organisation import domains
from souk.store import connect
from souk.store.sqlite import SqliteStore
from souk.work import Work, run
from tests import in_process
from tests.doors import stories
from tests.openapi_checks import problems

DRAFTING = [step for step in stories.DPX if "Draft" in step.operation or step.operation.endswith("DataProduct")][:8]
STORIES = {"nndm": stories.NNDM, "immuta": stories.IMMUTA, "nav": stories.NAV, "dpx": DRAFTING}


class Recorder:
    """A bus that keeps what is put on it."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []

    def put(self, messages: Sequence[Message]) -> None:
        self.heard += [(message.name, json.loads(message.detail)) for message in messages]


def people(work: Work) -> str:
    domains.put_domain(work, DOMAIN, {"name": "Roastery"})
    for person in FURTHER:
        users.put_user(work, name=person.name, email=person.email)
    return keys.create(work, "recorded").secret


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, dict[str, Any]]]:
    """Everything that the bus heard while the stories of four doors were told."""
    store = SqliteStore(":memory:")
    bus = Recorder()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOUK_LATER_EVENTS", "true")
        patch.setenv("SOUK_EVENT_PRINCIPALS", "true")
        connect.use(store)
        secret = run(store, people)
        run(store, seed)
        with in_process.client() as client:
            told = [
                one
                for door, story in STORIES.items()
                for one in stories.tell(door, client, {"$SOUK_API_KEY": secret}, story)
            ]
        drain(store)
        relay_batches(bus, store.read_log(0, 1000))
        while items := store.pending_notices(100):
            relay_notices(bus, store, items)
    connect.use(None)
    assert [one.answer.status_code for one in told] == [one.expected for one in told]
    return bus.heard


def by_name(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {message["name"]: message for message in document["components"]["messages"].values()}


def test_every_message_on_the_bus_is_as_described(heard: list[tuple[str, dict[str, Any]]]) -> None:
    document = asyncapi()
    described = by_name(document)
    assert {name for name, _ in heard} - set(described) == set()
    wrong = {
        name: found for name, envelope in heard if (found := problems(document, described[name]["payload"], envelope))
    }
    assert wrong == {}


def test_a_newcomer_is_told_of_as_described() -> None:
    bus = Recorder()
    bus_connect.use(bus)
    newcomers.forget()
    newcomers.tell(Principal(kind="user", id=str(uuid4()), name="Ada Moen", email="ada.moen@nav.no"))
    newcomers.forget()
    bus_connect.use(None)
    ((name, envelope),) = bus.heard
    document = asyncapi()
    assert problems(document, by_name(document)[name]["payload"], envelope) == []


def test_the_run_told_most_kinds_of_events(heard: list[tuple[str, dict[str, Any]]]) -> None:
    assert len({name for name, _ in heard}) >= 40


def test_every_event_in_the_feed_is_as_described(client: httpx.Client) -> None:
    document = asyncapi()
    told = {message["$ref"].rpartition("/")[2] for message in document["channels"]["feed"]["messages"].values()}
    described = {name: message for name, message in by_name(document).items() if name in told}
    page = client.get("/api/events").json()
    assert page
    assert {
        event["type"]: found
        for event in page
        if (found := problems(document, described[event["type"].rpartition(".")[2]]["payload"], event))
    } == {}
