"""Whatever door a change comes in by, the bus gets it in one envelope: that of the feed."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from souk.bus.port import Message
from souk.events.relay import relay_batches
from souk.events.sequencer import drain
from souk.store.port import Store
from tests.doors.callers import Doc
from tests.doors.products import Door


class Heard:
    """A bus that keeps what it hears."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def put(self, messages: Sequence[Message]) -> None:
        self.messages += messages


def feed(door: Door, after: str = "") -> list[Doc]:
    found: list[Doc] = []
    while batch := door.caller.done(200, "GET", f"/api/events?longPolling=false&lastEventId={after}"):
        found += batch
        after = batch[-1]["id"]
    return found


@pytest.mark.parametrize("maker", ["nndm", "immuta", "nav"])
def test_the_bus_and_the_feed_say_the_same(store: Store, doors: dict[str, Door], maker: str) -> None:
    before = feed(doors["nndm"])
    exact, _ = doors[maker].make()
    doors[maker].end(doors[maker].shown_id(exact))
    drain(store)
    told = feed(doors["nndm"])[len(before) :]
    last = store.last_batch()
    assert last is not None
    bus = Heard()
    relay_batches(bus, store.read_log(0, last.number))
    heard = [(message.name, json.loads(message.detail)) for message in bus.messages]
    assert len({envelope["id"] for _, envelope in heard}) == len(feed(doors["nndm"]))
    for event in told:
        name = event["type"].rpartition(".")[2]
        assert (name, event) in heard
    assert {event["type"].rpartition(".")[2] for event in told} >= {
        "DataProductCreatedEvent",
        "DataProductDeletedEvent",
    }
    assert {tuple(sorted(event)) for event in told} == {tuple(sorted(told[0]))}
