"""Requests, decisions, changes and endings on a store: states, events in order, who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from souk import clock
from souk.access import approvals, changes, judging, lifecycle, policy, queries
from souk.access.endings import end_all_of_product
from souk.access.model import short
from souk.errors import Conflict, Invalid, NotAllowed, NotFound, Referenced
from souk.identity.principal import ANONYMOUS, Principal
from souk.work import Work
from tests.access.acting import active, approve, approve_and_end, cancel, end, reject
from tests.access.world import ALICE, BOB, GOVERNOR, KEY, LIMITED, MANAGER, OWNER, World

NEW = ["created", "requested"]
TEAM = {"team": "analysts"}


def test_a_request_waits_then_an_approval_begins_it(world: World) -> None:
    made = world.ask()
    assert world.events() == NEW
    assert world.card(made)["status"] == "requested"
    approve(world, made, OWNER)
    assert world.events() == ["updated", "approved", "activated"]
    assert active(world, made)
    decision = world.card(made)["decision"]
    assert (decision["by"], decision["rule"], decision["automatic"], decision["override"]) == (
        "olga@nav.no",
        "default",
        False,
        False,
    )


def test_an_automatic_port_and_a_consumer_who_owns_it_need_nobody(world: World) -> None:
    for access in (world.ask(port="open"), world.ask(subject={"team": "shop"})):
        assert world.card(access)["status"] == "approved"
        assert world.card(access)["decision"]["automatic"] is True
    assert world.events() == [*NEW, "approved", "activated"] * 2


def test_a_whole_product_is_automatic_only_if_every_port_is(world: World) -> None:
    world.product("mixed", ports=[{"id": "a", "name": "A", "auto_approve": True}, {"id": "b", "name": "B"}])
    world.product("all", ports=[{"id": "a", "name": "A", "auto_approve": True}])
    asked = [world.request(product=product) for product in ("mixed", "all")]
    assert [world.card(access)["status"] for access in asked] == ["requested", "approved"]


@pytest.mark.parametrize("act", [approve, reject, approve_and_end, cancel])
def test_a_repeated_action_changes_nothing(world: World, act: Callable[[World, str], None]) -> None:
    access = world.ask()
    act(world, access)
    revision, _ = world.record(access).revision, world.events()
    act(world, access)
    assert world.record(access).revision == revision
    assert world.events() == []


def test_states_that_forbid_an_action_say_so(world: World) -> None:
    rejected, canceled, approved, requested = (world.ask() for _ in range(4))
    reject(world, rejected)
    world.run(lambda work: changes.cancel(work, canceled, KEY))
    approve(world, approved)
    world.events()
    for forbidden in (
        lambda: approve(world, rejected),
        lambda: approve(world, canceled),
        lambda: reject(world, approved),
        lambda: reject(world, canceled),
        lambda: end(world, requested),
        lambda: end(world, rejected),
        lambda: world.run(lambda work: changes.cancel(work, approved, KEY)),
        lambda: world.run(lambda work: changes.extend(work, requested, None, KEY)),
    ):
        with pytest.raises(Conflict):
            forbidden()
    assert world.events() == []


def test_ending_an_active_access_is_final(world: World) -> None:
    access = world.ask(port="open")
    world.events()
    assert end(world, access)
    assert world.events() == ["updated", "canceled", "deactivated"]
    world.put(access, port="open", start=clock.text(world.time.now() - timedelta(days=1)))
    assert world.events() == ["updated"]
    assert not active(world, access)


@pytest.mark.parametrize("by", [KEY, LIMITED, OWNER, GOVERNOR, MANAGER], ids=lambda by: by.label)
def test_who_decides_by_default(world: World, by: Principal) -> None:
    access = world.ask()
    approve(world, access, by)
    assert world.card(access)["decision"]["by"] == by.label


@pytest.mark.parametrize("by", [ALICE, BOB, ANONYMOUS], ids=lambda by: by.label)
def test_who_does_not(world: World, by: Principal) -> None:
    access = world.ask()
    for act in (approve, reject):
        with pytest.raises(NotAllowed):
            act(world, access, by)
    assert world.card(access)["status"] == "requested"


def test_team_records_make_members_of_users(world: World) -> None:
    entry = [f"team/by-member/{ALICE.email}"]
    body = {"card": {"name": "shop", "members": [{"email": "Alice@nav.no"}]}}
    world.run(lambda work: work.save("team", "shop", body, lists=entry))
    access = world.ask(subject={"user": "someone@nav.no"})
    approve(world, access, ALICE)
    assert world.card(access)["status"] == "approved"


def test_consumers_ask_cancel_and_end_their_own(world: World) -> None:
    mine = world.ask(by=ALICE)
    team = world.ask(by=BOB, subject=TEAM)
    product = world.ask(by=BOB, subject={"product": "consumer"})
    world.run(lambda work: changes.cancel(work, mine, ALICE))
    approve(world, team)
    assert end(world, team, BOB)
    with pytest.raises(NotAllowed):
        world.ask(by=ALICE, subject=TEAM)
    with pytest.raises(NotAllowed):
        world.run(lambda work: changes.cancel(work, product, ALICE))
    world.run(lambda work: changes.cancel(work, product, BOB))


def test_a_consumer_may_not_lengthen_or_turn_what_was_approved(world: World) -> None:
    access = world.ask(
        by=ALICE, end=clock.text(world.time.now() + timedelta(days=1)), start=clock.text(world.time.now())
    )
    approve(world, access)
    card = world.card(access)
    with pytest.raises(NotAllowed):
        world.put(access, ALICE, start=card["start"])
    with pytest.raises(NotAllowed):
        world.put(access, ALICE, product="free", port="table", start=card["start"], end=card["end"])
    with pytest.raises(NotAllowed):
        world.put(access, ALICE, subject=TEAM, start=card["start"], end=card["end"])
    world.put(access, ALICE, start=card["start"], end=card["end"], purpose="more words")
    assert world.card(access)["purpose"] == "more words"
    world.put(access, OWNER, start=card["start"])
    assert "end" not in world.card(access)


def test_what_a_request_names_must_exist_and_stay(world: World) -> None:
    wrong: list[dict[str, Any]] = [
        {"product": "nothing"},
        {"port": "nothing"},
        {"subject": {"team": "nobody"}},
        {"subject": {"product": "nothing"}},
    ]
    for names in wrong:
        with pytest.raises(Invalid):
            world.ask(**names)
    assert world.events() == []


def test_a_port_that_went_away_does_not_lock_its_accesses(world: World) -> None:
    access = world.ask()
    world.product("orders", ports=[], domain="sales")
    world.put(access, purpose="still works")
    approve(world, access)
    assert active(world, access)


def test_turning_an_active_access_tells_the_logs_of_both_sides(world: World) -> None:
    access = world.ask(port="open")
    card = world.card(access)
    world.put(access, product="free", port="table", start=card["start"])
    logs = {
        product: [entry.action for entry in queries.access_log(Work(world.store), product)]
        for product in ("orders", "free")
    }
    assert logs == {"orders": ["delete", "grant"], "free": ["grant"]}
    assert queries.active_map(Work(world.store), "free") == {"user:alice@nav.no": None}
    assert queries.active_map(Work(world.store), "orders") == {}


def _remove(work: Work, product: str) -> None:
    work.remove(work.get("product", product), guarded=True)


def test_deleting_ends_what_is_active_and_lets_go(world: World) -> None:
    access = world.ask(port="open", subject={"product": "consumer"})
    reviewed = world.ask()
    world.events()
    for made in (access, reviewed):
        world.run(partial(changes.delete, access_id=made, by=KEY))
    assert world.events() == ["deactivated", "deleted", "deleted"]
    with pytest.raises(NotFound):
        approve(world, reviewed)
    for product in ("orders", "consumer"):
        world.run(partial(_remove, product=product))
    assert world.ask(product="free", port="table") != access


@pytest.mark.parametrize("product", ["orders", "consumer"])
def test_a_product_is_held_by_accesses_in_every_state(world: World, product: str) -> None:
    access = world.ask(subject={"product": "consumer"})
    reject(world, access)
    with pytest.raises(Referenced):
        world.run(lambda work: work.remove(work.get("product", product), guarded=True))


def test_a_door_whose_delete_ends_accesses_ends_them_all(world: World) -> None:
    requested, running, done = world.ask(), world.ask(port="open"), world.ask()
    consuming = world.ask(product="free", port="table", subject={"product": "orders"})
    reject(world, done)
    world.events()
    assert end_all_of_product(world.store, "orders", "x") == 4
    assert end_all_of_product(world.store, "orders", "x") == 0
    states = [lifecycle.state(world.card(a), world.time.now()) for a in (requested, running, done, consuming)]
    assert states == ["canceled", "revoked", "rejected", "canceled"]
    world.run(lambda work: work.remove(work.get("product", "orders"), guarded=True))
    with pytest.raises(Referenced):
        world.run(lambda work: work.remove(work.get("product", "free"), guarded=True))


def test_accesses_of_a_product_end_a_few_in_each_commit(world: World) -> None:
    asked = [world.ask(subject={"user": f"u{number}@nav.no"}) for number in range(9)]
    before = len(world.store.pending(1000))
    assert end_all_of_product(world.store, "orders", "x") == len(asked)
    assert [world.card(access)["status"] for access in asked] == ["canceled"] * len(asked)
    assert len(world.store.pending(1000)) - before == 3


def test_accesses_whose_reviews_are_long_end_one_by_one(world: World) -> None:
    many = [{"type": "user", "id": f"approver-{number}"} for number in range(25)]
    long: policy.Policy = {"default": {"type": "review", "stages": [{"all": many}]}}
    world.run(lambda work: judging.set_policies(work, "orders", data=long))
    asked = [world.ask(subject={"user": f"u{number}@nav.no"}) for number in range(5)]
    assert end_all_of_product(world.store, "orders", "x") == len(asked)
    open_ones = [a for access in asked for a in approvals.read(Work(world.store), review_keys(world, access))]
    assert {one.card["status"] for one in open_ones} == {"canceled"}


def test_the_end_of_an_access_is_noted_for_its_product(world: World) -> None:
    first, second = (world.ask(port="open", subject={"user": f"{name}@nav.no"}) for name in ("a", "b"))
    end(world, first)
    assert queries.last_ends(Work(world.store)) == {short("orders"): clock.text(world.time.now())}
    end(world, second)
    end_again = clock.text(world.time.now())
    assert queries.last_ends(Work(world.store), "orders") == {short("orders"): end_again}


def review_keys(world: World, access: str) -> list[str]:
    """Keys of the access's approvals."""
    return world.card(access)["review"]["approvals"]


def test_one_open_request_of_a_subject_at_a_time(world: World) -> None:
    first = world.request()
    with pytest.raises(Conflict):
        world.request()
    world.run(lambda work: changes.cancel(work, first, ALICE))
    second = world.request()
    approve(world, second)
    with pytest.raises(Conflict):
        world.request()
    end(world, second)
    assert len({first, second, world.request()}) == 3
