"""4.2, A8 and R3: PUTs of agreements that exist."""

from __future__ import annotations

import pytest

from tests.wire.nndm.agreements import KIND, info, made, named, state
from tests.wire.nndm.documents import World, agreement, changed, common, day, fresh, full_agreement
from tests.wire.nndm.door import Door, refused, stored
from tests.wire.nndm.equality import assert_came_back
from tests.wire.nndm.feed import Feed
from tests.wire.raw import Doc


@pytest.mark.parametrize("actions", [[], ["approve"], ["reject"], ["approve", "cancel"]], ids=repr)
def test_42_putting_back_what_was_read_keeps_the_status(
    door: Door, feed: Feed, world: World, actions: list[str]
) -> None:
    id = made(door, world, *actions, startDate=day(-2))
    before = feed.settled(id)
    read = door.get(KIND, id).json()
    sent = read | {"tags": ["granted"], "custom": {"role": "arn:aws:iam::1:role/x"}}
    stored(door.put(KIND, id, sent))
    assert door.get(KIND, id).json() == sent
    assert feed.settled(id) == [*before, *named("Updated")]


@pytest.mark.parametrize("actions", [[], ["approve"], ["reject"]], ids=repr)
@pytest.mark.parametrize("claim", [{}, {"status": "requested", "active": False}, {"status": "approved", "active": True},
{"status": "rejected"}, {"status": "any"}, {"status": None, "active": None}], ids=repr)  # fmt: skip
def test_42_a_put_never_changes_status_or_activity(
    door: Door, feed: Feed, world: World, actions: list[str], claim: Doc
) -> None:
    id = made(door, world, *actions, startDate=day(-1))
    before, was = feed.settled(id), state(door, id)
    sent = agreement(id, world)
    sent["info"] = {"purpose": "changed", "startDate": day(-1)} | claim
    stored(door.put(KIND, id, sent))
    assert state(door, id) == was
    assert info(door, id)["purpose"] == "changed"
    assert feed.settled(id) == [*before, *named("Updated")]


@pytest.mark.parametrize(
    "claim", [{"active": True}, {"status": "rejected"}, {"status": "canceled", "active": True}], ids=repr
)
def test_42_a_new_agreement_does_not_bring_its_own_activity(door: Door, world: World, claim: Doc) -> None:
    id = made(door, world, startDate=day(-1), **claim)
    assert state(door, id) == ("requested", False)


def test_42_a_put_replaces_everything_else(door: Door, world: World) -> None:
    id = fresh()
    stored(door.put(KIND, id, full_agreement(id, world)))
    stored(door.act(id, "approve"))
    stored(door.put(KIND, id, agreement(id, world)))
    held = door.get(KIND, id).json()
    assert_came_back(agreement(id, world), held)
    assert (held["info"]["status"], held["info"]["active"]) == ("approved", False)


MOVES = [
    ({"startDate": 5}, {"startDate": 0}, ["Activated"]), ({"startDate": -5}, {"startDate": 2}, ["Deactivated"]), ({},
    {"startDate": -1}, ["Activated"]),
    ({"startDate": -5}, {"startDate": -5, "endDate": 0}, ["Deactivated"]), ({"startDate": -5}, {"startDate": -5,
    "endDate": -1}, ["Deactivated"]),
    ({"startDate": -5}, {"startDate": -4, "endDate": 7}, []), ({"startDate": 5}, {"startDate": 6}, []),
    ({"startDate": -5}, {}, ["Deactivated"]),
    ({"startDate": -5, "endDate": -1}, {"startDate": -5, "endDate": 3}, ["Activated"]), ({"startDate": -5,
    "endDate": 0}, {"startDate": -5}, ["Activated"]),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "change"), MOVES)
def test_a8_a_put_that_moves_the_dates_changes_activity(
    door: Door, feed: Feed, world: World, first: dict[str, int], second: dict[str, int], change: list[str]
) -> None:
    id = made(door, world, "approve", **{name: day(offset) for name, offset in first.items()})
    before = feed.settled(id)
    sent = agreement(id, world)
    sent["info"] |= {name: day(offset) for name, offset in second.items()}
    stored(door.put(KIND, id, sent))
    assert feed.settled(id) == [*before, *named("Updated", *change)]
    assert_came_back(sent, door.get(KIND, id).json())


@pytest.mark.parametrize("actions", [[], ["reject"]], ids=repr)
def test_a8_dates_activate_nothing_that_is_not_approved(
    door: Door, feed: Feed, world: World, actions: list[str]
) -> None:
    id = made(door, world, *actions, startDate=day(5))
    before = feed.settled(id)
    sent = changed(full_agreement(id, world), "info.startDate", day(-3))
    stored(door.put(KIND, id, sent))
    assert info(door, id)["active"] is False
    assert feed.settled(id) == [*before, *named("Updated")]


def test_r3_dates_that_cancelling_left_are_accepted_unchanged(door: Door, feed: Feed, world: World) -> None:
    id = made(door, world, "approve", "cancel", startDate=day(5))
    read = door.get(KIND, id).json()
    assert (read["info"]["startDate"], read["info"]["endDate"]) == (day(5), day(0))
    stored(door.put(KIND, id, read | common()))
    assert door.get(KIND, id).json() == read | common()
    refused(door.put(KIND, id, changed(read, "info.startDate", day(6))), 422)
