"""Section 7: the events, one by one, and the feed they are read from."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from tests.wire.nndm.documents import BY_PATH, KINDS, Kind, World, cost, fresh, port, product, team
from tests.wire.nndm.door import Door, eventually, refused, stored
from tests.wire.nndm.feed import PREFIX, Feed, short
from tests.wire.raw import Doc

WITH_EVENTS = [kind for kind in KINDS if kind.path not in {"assets", "datausageagreements"}]


def ports_of(feed: Feed, id: str) -> list[tuple[str, str]]:
    """The port events of a product: what happened and to which port."""
    events = [event for event in feed.of(id) if short(event).startswith("OutputPort")]
    return [(short(event).removeprefix("OutputPort"), event["data"]["outputPortId"]) for event in events]


@pytest.mark.parametrize("kind", WITH_EVENTS, ids=str)
def test_72_created_updated_deleted_and_created_again(door: Door, feed: Feed, world: World, kind: Kind) -> None:
    id = fresh()
    for sent in (kind.small(id, world), kind.small(id, world) | {"tags": ["x"]}, kind.small(id, world)):
        stored(door.put(kind.path, id, sent))
    stored(door.delete(kind.path, id))
    stored(door.put(kind.path, id, kind.small(id, world)))
    assert feed.settled(id) == [kind.event + word for word in ("Created", "Updated", "Updated", "Deleted", "Created")]


@pytest.mark.parametrize("kind", WITH_EVENTS, ids=str)
def test_72_an_unchanged_put_is_an_update_at_most(door: Door, feed: Feed, world: World, kind: Kind) -> None:
    id = fresh()
    for _ in range(3):
        stored(door.put(kind.path, id, kind.full(id, world)))
    names = [name for name in feed.settled(id) if name.startswith(kind.event)]
    assert names[0] == f"{kind.event}Created"
    assert set(names[1:]) <= {f"{kind.event}Updated"}


def test_72_deleting_an_agreement_and_making_it_again_is_a_creation(door: Door, feed: Feed, world: World) -> None:
    id = fresh()
    stored(door.put("datausageagreements", id, BY_PATH["datausageagreements"].small(id, world)))
    stored(door.act(id, "approve"))
    stored(door.delete("datausageagreements", id))
    stored(door.put("datausageagreements", id, BY_PATH["datausageagreements"].small(id, world)))
    words = ("Created", "Requested", "Updated", "Approved", "Deleted", "Created", "Requested")
    assert feed.settled(id) == [f"DataUsageAgreement{word}" for word in words]


def test_7_assets_and_costs_emit_nothing_that_the_contract_names(door: Door, feed: Feed, world: World) -> None:
    id = fresh()
    stored(door.put("assets", id, BY_PATH["assets"].full(id, world)))
    stored(door.delete("assets", id))
    stored(door.call("POST", "/api/costs", cost(world.consumer)))
    assert feed.settled(id) == []


def test_72_ports_come_with_their_product(door: Door, feed: Feed, world: World) -> None:
    id = fresh()
    stored(door.put("dataproducts", id, product(id, world, port("a"), port("b"))))
    assert sorted(feed.settled(id)) == ["DataProductCreated", "OutputPortCreated", "OutputPortCreated"]
    assert sorted(ports_of(feed, id)) == [("Created", "a"), ("Created", "b")]


CHANGES = [
    ("new", [port("a"), port("b"), port("c")], [("Created", "c")]),
    ("gone", [port("b")], [("Deleted", "a")]),
    ("changed", [port("a", description="new"), port("b")], [("Updated", "a")]),
    ("renamed", [port("a") | {"name": "N"}, port("b")], [("Updated", "a")]),
    ("unknown field", [port("a", **{"x-new": 1}), port("b")], [("Updated", "a")]),
    ("unchanged", [port("a"), port("b")], []),
    ("turned round", [port("b"), port("a")], []),
    ("all", [port("b", type="s3"), port("d")], [("Created", "d"), ("Deleted", "a"), ("Updated", "b")]),
    ("none", [], [("Deleted", "a"), ("Deleted", "b")]),
    ("keys in another order", [{"name": "Port a", "id": "a"}, port("b")], []),
]


@pytest.mark.parametrize(("ports", "expected"), [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES])
def test_72_port_events_say_what_changed(
    door: Door, feed: Feed, world: World, ports: list[Doc], expected: list[tuple[str, str]]
) -> None:
    id = fresh()
    stored(door.put("dataproducts", id, product(id, world, port("a"), port("b"))))
    stored(door.put("dataproducts", id, product(id, world, *ports) | {"tags": ["second"]}))
    names = feed.settled(id)
    assert sorted(ports_of(feed, id)[2:]) == expected
    assert names.count("DataProductUpdated") == 1
    assert len(names) == 4 + len(expected)


def test_72_ports_go_with_their_product(door: Door, feed: Feed, world: World) -> None:
    id = fresh()
    stored(door.put("dataproducts", id, product(id, world, port("a"), port("b"))))
    stored(door.delete("dataproducts", id))
    assert sorted(feed.settled(id)[3:]) == ["DataProductDeleted", "OutputPortDeleted", "OutputPortDeleted"]
    assert sorted(ports_of(feed, id)[2:]) == [("Deleted", "a"), ("Deleted", "b")]


def test_72_ports_that_come_back_are_created(door: Door, feed: Feed, world: World) -> None:
    id = fresh()
    for ports in ([port("a")], [], [port("a")]):
        stored(door.put("dataproducts", id, product(id, world, *ports)))
    feed.settle()
    assert ports_of(feed, id) == [("Created", "a"), ("Deleted", "a"), ("Created", "a")]


def moment(text: str) -> datetime:
    """A time of the feed; it must be RFC 3339 in UTC."""
    read = datetime.fromisoformat(text)
    assert read.utcoffset() == timedelta(0)
    return read


def test_71_the_envelope(door: Door, feed: Feed, world: World) -> None:
    id = fresh("urn:x:")
    began = datetime.now(UTC) - timedelta(seconds=1)
    stored(door.put("dataproducts", id, product(id, world, port("ü 1"))))
    feed.settle()
    for event in feed.of(id):
        assert event["specversion"] == "1.0"
        assert str(uuid.UUID(event["id"])) == event["id"]
        assert event["type"].startswith(PREFIX)
        assert event["source"].startswith(("http://", "https://", "urn:"))
        assert event["subject"] == event["data"]["id"] == id
        assert event["datacontenttype"] == "application/json"
        assert began <= moment(event["time"]) <= datetime.now(UTC) + timedelta(seconds=1)
        assert began <= moment(event["data"]["timestamp"]) <= datetime.now(UTC) + timedelta(seconds=1)
    assert [event["data"].get("outputPortId", "-") for event in feed.of(id)].count("ü 1") == 1


def test_71_event_ids_are_unique_and_times_never_run_backwards(door: Door, feed: Feed, world: World) -> None:
    for _ in range(5):
        stored(door.put("teams", world.consumer_team, team(world.consumer_team)))
    feed.settle()
    assert len({event["id"] for event in feed.log}) == len(feed.log)
    times = [moment(event["time"]) for event in feed.log]
    assert [n for n, (one, other) in enumerate(itertools.pairwise(times)) if other < one] == []


def test_73_the_media_type_is_that_of_a_batch(door: Door) -> None:
    assert stored(door.call("GET", "/api/events")).kind == "application/cloudevents-batch+json"
    assert (
        stored(door.call("GET", "/api/events", accept="application/json")).kind == "application/cloudevents-batch+json"
    )


@pytest.mark.parametrize(
    "query", ["", "?lastEventId=", "?longPolling=false", "?timeout=0", "?unknown=1", "?p=0&timeout=1000"]
)
def test_73_without_a_position_the_feed_begins_at_its_beginning(door: Door, feed: Feed, query: str) -> None:
    feed.settle()
    batch = stored(door.call("GET", f"/api/events{query}")).json()
    assert [event["id"] for event in batch[:20]] == [event["id"] for event in feed.log[:20]]
    assert 0 < len(batch) <= 1000


def test_73_every_position_continues_where_it_was(door: Door, feed: Feed) -> None:
    ids = [fresh() for _ in range(25)]
    for id in ids:
        stored(door.put("teams", id, team(id)))
    feed.settle()
    tail = [event["id"] for event in feed.log[-30:]]
    for n, last in enumerate(tail):
        after = [event["id"] for event in door.events(last)]
        assert after[: len(tail) - n - 1] == tail[n + 1 :]


def test_73_readers_with_other_boundaries_see_the_same(door: Door, feed: Feed) -> None:
    for _ in range(3):
        feed.settle()
    middle = len(feed.log) // 2
    expected = [event["id"] for event in feed.log[middle + 1 :]]
    seen: list[str] = []
    while len(seen) < len(expected):
        batch = door.events(seen[-1] if seen else feed.log[middle]["id"])
        assert batch != []
        seen += [event["id"] for event in batch[: 1 + len(seen) % 7 * 150]]
    assert seen[: len(expected)] == expected


def test_73_the_first_event_is_the_same_for_ever(door: Door, feed: Feed) -> None:
    feed.settle()
    assert door.events()[0] == feed.log[0]


def test_73_events_are_the_same_at_every_reading(door: Door, feed: Feed) -> None:
    feed.settle()
    again = door.events(feed.log[-5]["id"])
    assert again[:4] == feed.log[-4:]


@pytest.mark.parametrize("query", [{}, {"longPolling": "false"}, {"timeout": "100"}])
def test_73_the_end_is_an_empty_array(door: Door, feed: Feed, query: dict[str, str]) -> None:
    def last() -> list[Doc]:
        feed.settle()
        return door.events(feed.log[-1]["id"], **query)

    began = datetime.now(UTC)
    assert eventually(last, lambda batch: batch == [], 60) == []
    assert datetime.now(UTC) - began < timedelta(seconds=60)


@pytest.mark.parametrize("flag", ["true", "false", "maybe", ""])
def test_73_long_polling_answers_within_25_seconds(door: Door, feed: Feed, flag: str) -> None:
    feed.settle()
    began = datetime.now(UTC)
    door.events(feed.log[-1]["id"], longPolling=flag)
    assert datetime.now(UTC) - began < timedelta(seconds=25)


UNKNOWN = [
    "nope", "0", "-1", "123e4567-e89b-42d3-a456-426614174000", "1ef9ebfd-1baf-6800-b4cc-29ec4630cb43",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff", "ü", "%", "a b", "x" * 2000, "null", "' or 1=1",
]  # fmt: skip


@pytest.mark.parametrize("id", UNKNOWN, ids=lambda id: ascii(id)[:20])
def test_73_an_unknown_position_is_answered_in_words_or_events(door: Door, id: str) -> None:
    answer = door.call("GET", f"/api/events?lastEventId={quote(id, safe='')}")
    assert answer.status in {200, 400, 404}, answer


@pytest.mark.parametrize("change", [lambda id: id.upper(), lambda id: id[:-1] + ("0" if id[-1] != "0" else "1")])
def test_73_a_damaged_position_never_breaks_the_feed(door: Door, feed: Feed, change: object) -> None:
    feed.settle()
    assert callable(change)
    answer = door.call("GET", f"/api/events?lastEventId={change(feed.log[-1]['id'])}")
    assert answer.status in {200, 400, 404}


@pytest.mark.parametrize("kind", WITH_EVENTS, ids=str)
def test_72_an_event_is_there_within_seconds(door: Door, feed: Feed, world: World, kind: Kind) -> None:
    id = fresh()
    feed.advance()
    stored(door.put(kind.path, id, kind.small(id, world)))

    def arrived() -> list[Doc]:
        feed.advance()
        return feed.of(id)

    assert eventually(arrived, bool, 5) != []


def test_72_finished_requests_keep_their_order(door: Door, feed: Feed, world: World) -> None:
    ids = [fresh() for _ in range(30)]
    kinds = [BY_PATH[path] for path in ("teams", "sourcesystems", "definitions", "datacontracts", "dataproducts")]
    for n, id in enumerate(ids):
        kind = kinds[n % len(kinds)]
        stored(door.put(kind.path, id, kind.small(id, world)))
    feed.settle()
    assert [event["subject"] for event in feed.log if event["subject"] in set(ids)] == ids


def test_g11_refusals_of_every_kind_emit_nothing(door: Door, feed: Feed, world: World) -> None:
    id = fresh()
    for kind in KINDS:
        refused(door.put(kind.path, id, kind.small(id, world) | {"id": 5}), 422)
        refused(door.delete(kind.path, id), 404)
    refused(door.act(id, "approve"), 404)
    assert feed.settled(id) == []
