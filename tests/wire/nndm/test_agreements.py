"""Section 4: the life cycle of agreements and its events, in order."""

from __future__ import annotations

import pytest

from tests.wire.nndm.agreements import ACTIVE, APPROVED, KIND, NEW, info, made, named, state
from tests.wire.nndm.documents import World, agreement, changed, day, fresh, full_agreement, port, product
from tests.wire.nndm.door import Door, refused, stored
from tests.wire.nndm.equality import assert_came_back
from tests.wire.nndm.feed import Feed


def test_a2_a_new_agreement_is_requested(door: Door, feed: Feed, world: World) -> None:
    id = made(door, world, startDate=day(0))
    assert state(door, id) == ("requested", False)
    assert feed.settled(id) == named(*NEW)


MISSING: list[tuple[str, str]] = [
    ("provider.dataProductId", "nobody"), ("provider.outputPortId", "none"), ("consumer.teamId", "nobody"),
    ("consumer.dataProductId", "nobody"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "prefix"), MISSING)
def test_a1_what_an_agreement_names_must_exist(door: Door, feed: Feed, world: World, path: str, prefix: str) -> None:
    id, absent = fresh(), fresh(prefix)
    words = refused(door.put(KIND, id, changed(full_agreement(id, world), path, absent)), 422, 404)
    assert absent in words
    refused(door.get(KIND, id), 404)
    assert feed.settled(id) == []


@pytest.mark.parametrize(("path", "prefix"), MISSING)
def test_a1_holds_for_updates(door: Door, world: World, path: str, prefix: str) -> None:
    id = fresh()
    stored(door.put(KIND, id, full_agreement(id, world)))
    before = door.get(KIND, id).json()
    refused(door.put(KIND, id, changed(full_agreement(id, world), path, fresh(prefix))), 422, 404)
    assert door.get(KIND, id).json() == before


def test_a1_the_port_is_one_of_that_product(door: Door, world: World) -> None:
    other, id = fresh("p"), fresh()
    stored(door.put("dataproducts", other, product(other, world, port("elsewhere"))))
    refused(door.put(KIND, id, changed(agreement(id, world), "provider.outputPortId", "elsewhere")), 422, 404)


def test_a1_contracts_and_the_providers_team_are_not_checked(door: Door, world: World) -> None:
    id = fresh()
    sent = changed(changed(full_agreement(id, world), "provider.dataContractId", "no"), "provider.teamId", "none")
    stored(door.put(KIND, id, sent))
    assert_came_back(sent, door.get(KIND, id).json())


@pytest.mark.parametrize(
    ("start", "events", "active"),
    [(0, ACTIVE, True), (-5, ACTIVE, True), (1, APPROVED, False), (None, APPROVED, False)],
)
def test_a3_an_auto_approved_port_approves_at_once(
    door: Door, feed: Feed, world: World, start: int | None, events: list[str], active: bool
) -> None:
    provider, id = fresh("p"), fresh("agreement")
    stored(door.put("dataproducts", provider, product(provider, world, port("out", autoApprove=True), port("ask"))))
    sent = changed(agreement(id, world), "provider.dataProductId", provider)
    sent["info"] |= {} if start is None else {"startDate": day(start)}
    stored(door.put(KIND, id, sent))
    assert state(door, id) == ("approved", active)
    assert feed.settled(id) == named(*NEW, *events[1:])


def test_a3_a_team_is_not_asked_for_its_own_data(door: Door, feed: Feed, world: World) -> None:
    id = fresh("agreement")
    sent = agreement(id, world) | {"consumer": {"teamId": world.team}}
    stored(door.put(KIND, id, changed(sent, "info.startDate", day(0))))
    assert state(door, id) == ("approved", True)
    assert feed.settled(id) == named(*NEW, *ACTIVE[1:])


def test_a3_only_the_port_that_says_so(door: Door, world: World) -> None:
    provider, id = fresh("p"), fresh("agreement")
    stored(door.put("dataproducts", provider, product(provider, world, port("auto", autoApprove=True), port("out"))))
    stored(door.put(KIND, id, changed(agreement(id, world), "provider.dataProductId", provider)))
    assert state(door, id) == ("requested", False)


def test_a3_only_new_agreements(door: Door, world: World) -> None:
    provider, id = fresh("p"), fresh("agreement")
    stored(door.put("dataproducts", provider, product(provider, world, port("out"))))
    sent = changed(agreement(id, world), "provider.dataProductId", provider)
    stored(door.put(KIND, id, sent))
    stored(door.put("dataproducts", provider, product(provider, world, port("out", autoApprove=True))))
    stored(door.put(KIND, id, sent))
    assert state(door, id) == ("requested", False)


@pytest.mark.parametrize(
    ("start", "end", "active"),
    [
        (None, None, False), (None, 5, False), (-1, None, True), (0, None, True), (1, None, False), (-5, 1, True), (-5,
        0, False), (0, 0, False),
        (0, 1, True), (-5, -1, False), (1, 5, False), (-4000, 4000, True),
    ],
)  # fmt: skip
def test_a7_activity_follows_from_the_dates(
    door: Door, feed: Feed, world: World, start: int | None, end: int | None, active: bool
) -> None:
    dates = {name: day(offset) for name, offset in (("startDate", start), ("endDate", end)) if offset is not None}
    id = made(door, world, **dates)
    assert state(door, id) == ("requested", False)
    stored(door.act(id, "approve"))
    assert state(door, id) == ("approved", active)
    assert feed.settled(id) == named(*NEW, *APPROVED, *["Activated"] * active)


def test_a7_lists_show_activity_too(door: Door, world: World) -> None:
    ids = [made(door, world, "approve", startDate=day(offset)) for offset in (-1, 1)]
    listed = {entry["id"]: entry["info"]["active"] for entry in door.listed(KIND)}
    assert [listed[id] for id in ids] == [True, False]


def test_a4_approving_again_changes_nothing(door: Door, feed: Feed, world: World) -> None:
    id = made(door, world, "approve", "approve", "approve", startDate=day(0))
    assert state(door, id) == ("approved", True)
    assert feed.settled(id) == named(*NEW, *ACTIVE)


def test_a4_a_rejected_agreement_is_not_approved(door: Door, feed: Feed, world: World) -> None:
    id = made(door, world, "reject", startDate=day(0))
    refused(door.act(id, "approve"), 422)
    assert state(door, id) == ("rejected", False)
    assert feed.settled(id) == named(*NEW, "Updated", "Rejected")


def test_a5_rejecting_again_changes_nothing(door: Door, feed: Feed, world: World) -> None:
    id = made(door, world, "reject", "reject")
    assert state(door, id) == ("rejected", False)
    assert feed.settled(id) == named(*NEW, "Updated", "Rejected")


@pytest.mark.parametrize("start", [-1, 1])
def test_a5_an_approved_agreement_is_not_rejected(door: Door, feed: Feed, world: World, start: int) -> None:
    id = made(door, world, "approve", startDate=day(start))
    before = feed.settled(id)
    refused(door.act(id, "reject"), 422)
    assert info(door, id)["status"] == "approved"
    assert feed.settled(id) == before


@pytest.mark.parametrize("actions", [[], ["reject"]], ids=repr)
def test_a6_only_an_approved_agreement_is_cancelled(door: Door, feed: Feed, world: World, actions: list[str]) -> None:
    id = made(door, world, *actions, startDate=day(0))
    before = feed.settled(id)
    refused(door.act(id, "cancel"), 422)
    assert "endDate" not in info(door, id)
    assert info(door, id)["active"] is False
    assert feed.settled(id) == before


@pytest.mark.parametrize(
    ("start", "end", "ends", "events"),
    [
        (-3, None, 0, [*ACTIVE, "Updated", "Canceled", "Deactivated"]), (-3, 9, 0, [*ACTIVE, "Updated", "Canceled",
        "Deactivated"]),
        (0, None, 0, [*ACTIVE, "Updated", "Canceled", "Deactivated"]), (3, None, 0, [*APPROVED, "Updated", "Canceled"]),
        (3, 9, 0, [*APPROVED, "Updated", "Canceled"]), (None, None, 0, [*APPROVED, "Updated", "Canceled"]),
    ],
)  # fmt: skip
def test_a6_cancelling_ends_an_agreement_today(
    door: Door, feed: Feed, world: World, start: int | None, end: int | None, ends: int, events: list[str]
) -> None:
    dates = {name: day(offset) for name, offset in (("startDate", start), ("endDate", end)) if offset is not None}
    id = made(door, world, "approve", "cancel", **dates)
    held = info(door, id)
    assert held["status"] in {"approved", "canceled"}
    assert (held["active"], held["endDate"]) == (False, day(ends))
    assert feed.settled(id) == named(*NEW, *events)


def test_a6_an_earlier_end_is_kept(door: Door, world: World) -> None:
    id = made(door, world, "approve", startDate=day(-9), endDate=day(-4))
    assert door.act(id, "cancel").status in {200, 422}
    assert (info(door, id)["endDate"], info(door, id)["active"]) == (day(-4), False)


def test_a6_a_cancelled_agreement_stays_inactive(door: Door, feed: Feed, world: World) -> None:
    id = made(door, world, "approve", "cancel", startDate=day(-1))
    answers = [door.act(id, action).status for action in ("approve", "cancel", "reject")]
    assert set(answers) <= {200, 422}
    assert info(door, id)["active"] is False
    seen = feed.settled(id)
    assert [seen.count(name) for name in named("Canceled", "Activated", "Deactivated", "Rejected")] == [1, 1, 1, 0]


@pytest.mark.parametrize("actions", [[], ["approve"], ["reject"], ["approve", "cancel"]], ids=repr)
def test_a9_an_agreement_can_be_deleted_in_every_state(
    door: Door, feed: Feed, world: World, actions: list[str]
) -> None:
    id = made(door, world, *actions, startDate=day(0))
    before = feed.settled(id)
    stored(door.delete(KIND, id))
    refused(door.get(KIND, id), 404)
    after = feed.settled(id)[len(before) :]
    assert after in (named("Deleted"), named("Deactivated", "Deleted"))
    assert ("DataUsageAgreementDeactivated" in after) <= (actions == ["approve"])
    refused(door.act(id, "approve"), 404)


@pytest.mark.parametrize("body", ["", "{}", '{"reason": "x"}'])
@pytest.mark.parametrize("action", ["approve", "reject"])
def test_g1_an_action_may_come_with_an_empty_or_ignored_body(door: Door, world: World, action: str, body: str) -> None:
    id = made(door, world)
    assert door.raw("POST", f"/api/{KIND}/{id}/{action}", body).status == 200


def test_43_every_event_names_the_agreement(door: Door, feed: Feed, world: World) -> None:
    id = made(door, world, "approve", "cancel", startDate=day(0))
    stored(door.delete(KIND, id))
    feed.settle()
    assert {(event["subject"], event["data"]["id"]) for event in feed.of(id)} == {(id, id)}
    assert len({event["id"] for event in feed.of(id)}) == len(feed.of(id)) == 9


def test_integrations_find_the_new_agreement_by_its_event_and_write_back(door: Door, feed: Feed, world: World) -> None:
    id = made(door, world, "approve", startDate=day(0))
    feed.wait(id, *named(*NEW, *ACTIVE))
    event = feed.of(id)[-1]
    held = stored(door.get(KIND, event["subject"])).json()
    assert stored(door.get("dataproducts", held["provider"]["dataProductId"])).json()["id"] == world.provider
    assert held["info"].get("id", id) == id
    stored(door.put(KIND, id, held | {"custom": {"aws-role-name": "r"}, "tags": ["aws"]}))
    assert door.get(KIND, id).json()["custom"] == {"aws-role-name": "r"}
    feed.wait(id, *named(*NEW, *ACTIVE, "Updated"))
