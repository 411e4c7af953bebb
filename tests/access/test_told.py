"""What the bus is told of accesses under the names of requests: warnings, ends, determinations, products."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from souk.access.endings import end_all_of_product
from souk.bus.port import Message
from souk.events.relay import relay_batches, relay_notices
from souk.events.sequencer import drain
from souk.ids import as_uuid, key_as_cuid, record_key
from tests.access.acting import approve, end
from tests.access.world import World, sweep

ASKED = "marketplace.data_product.access_requests."
Told = list[tuple[str, dict[str, Any]]]


class Listener:
    """A bus that keeps what is said under the names of requests."""

    def __init__(self, world: World) -> None:
        self.world, self.heard = world, list[Message]()
        self._read = 0

    def put(self, messages: Sequence[Message]) -> None:
        self.heard += [message for message in messages if message.name.startswith(ASKED)]

    def told(self) -> Told:
        """What was said since the last call: name and data, without the time."""
        store = self.world.store
        drain(store)
        batches = store.read_log(self._read, 1000)
        self._read += len(batches)
        relay_batches(self, batches)
        relay_notices(self, store, store.pending_notices(1000))
        heard, self.heard = self.heard, []
        return [(message.name.removeprefix(ASKED), data_of(message)) for message in heard]


def data_of(message: Message) -> dict[str, Any]:
    envelope = json.loads(message.detail)
    data: dict[str, Any] = envelope["data"]
    assert (envelope["type"], envelope["subject"]) == (message.name, data["id"])
    del data["timestamp"]
    return data


@pytest.fixture
def bus(world: World) -> Listener:
    listener = Listener(world)
    listener.told()
    return listener


def of(access: str, status: str, **more: Any) -> dict[str, Any]:
    """A request for the product `orders`."""
    product = {"id": as_uuid("product", "orders")}
    about = {"id": key_as_cuid(record_key("access", access)), "type": "DATA_ACCESS", "status": status}
    return about | {"dataProduct": product} | more


def test_a_life_with_warnings_and_an_end(world: World, bus: Listener) -> None:
    access = world.ask()
    assert bus.told() == [("created", of(access, "PENDING"))]
    approve(world, access)
    assert bus.told() == [("consumer.updated", of(access, "APPROVED"))]
    card = world.card(access)
    world.put(access, start=card["start"], end="2030-06-15T12:00:00.000000Z")
    assert bus.told() == []
    ends = {"expiration": "2030-06-15T12:00:00.000Z"}
    world.time.forward(days=24)
    sweep(world.store)
    assert bus.told() == [("expiring", of(access, "APPROVED", **ends, daysLeft=7))]
    sweep(world.store)
    assert bus.told() == []
    world.time.forward(days=6)
    sweep(world.store)
    assert bus.told() == [("expiring", of(access, "APPROVED", **ends, daysLeft=1))]
    world.time.forward(days=1)
    sweep(world.store)
    assert bus.told() == [("expired", of(access, "EXPIRED", **ends))]


def test_an_extension_takes_the_warning_back(world: World, bus: Listener) -> None:
    access = world.ask(port="open")
    card = world.card(access)
    world.put(access, port="open", start=card["start"], end="2030-05-25T12:00:00.000000Z")
    bus.told()
    world.put(access, port="open", start=card["start"], end="2030-07-01T00:00:00.000000Z")
    world.time.forward(days=11)
    sweep(world.store)
    assert bus.told() == []
    world.time.forward(days=30)
    sweep(world.store)
    assert [name for name, _ in bus.told()] == ["expiring"]


def test_a_missed_warning_is_said_once_and_late_ends_are_said_without_one(world: World, bus: Listener) -> None:
    warned, ended = world.ask(port="open"), world.ask(port="open", subject={"user": "bob@nav.no"})
    for access, last, who in ((warned, "2030-06-01", "alice"), (ended, "2030-05-31", "bob")):
        start = world.card(access)["start"]
        until = f"{last}T00:00:00.000000Z"
        world.put(access, port="open", start=start, end=until, subject={"user": f"{who}@nav.no"})
    bus.told()
    world.time.forward(days=16)
    sweep(world.store)
    said = [(name, data["id"], data.get("daysLeft")) for name, data in bus.told()]
    first, second = (key_as_cuid(record_key("access", access)) for access in (warned, ended))
    assert sorted(said) == [("expired", second, None), ("expiring", first, 1)]


def test_a_revocation_is_no_withdrawal(world: World, bus: Listener) -> None:
    access = world.ask(port="open")
    bus.told()
    end(world, access)
    assert bus.told() == [("revoked", of(access, "REVOKED"))]


def test_the_end_of_a_product_says_of_each_what_became_of_it(world: World, bus: Listener) -> None:
    pending, active = world.ask(), world.ask(port="open", subject={"user": "bob@nav.no"})
    bus.told()
    end_all_of_product(world.store, "orders", "key-1")
    said = bus.told()
    assert ("deleted", of(pending, "CANCELED")) in said
    assert ("deleted", of(active, "REVOKED")) in said
    assert ("canceled", of(pending, "CANCELED")) in said
