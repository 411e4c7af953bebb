"""Grants follow accesses: whatever is heard, how often, in which order, and whatever the system does."""

from __future__ import annotations

from functools import partial

import pytest

from reactions import apply_grants, sweep_due
from souk import clock
from souk.access import changes, self_service
from souk.access.model import Subject
from souk.errors import Failed, Invalid
from souk.grantors import connect
from tests.access.acting import approve, end
from tests.access.world import KEY, World, sweep
from tests.grants.system import ALICE, System, applied, grant, notices, opened, state
from tests.threads import at_once


def test_active_access_is_granted_and_its_end_taken_back(world: World, system: System) -> None:
    access = opened(world)
    applied(world, access)
    assert system.held == {(ALICE, "orders/open")}
    assert state(world, access) == "granted"
    end(world, access)
    applied(world, access)
    assert system.held == set()
    assert state(world, access) == "none"


def test_access_to_the_whole_product_is_access_to_every_port(world: World, system: System) -> None:
    access = world.ask(port=None)
    approve(world, access)
    applied(world, access)
    assert {what for _, what in system.held} == {"orders/out", "orders/open"}


def test_nothing_is_granted_before_it_is_active(world: World, system: System) -> None:
    asked = world.ask()
    later = world.ask(port="open", start=clock.text(world.time.now().replace(year=2031)))
    applied(world, asked, later)
    assert (system.calls, state(world, asked), state(world, later)) == ([], "none", "none")


def test_repeated_and_late_events_have_one_effect(world: World, system: System) -> None:
    access = opened(world)
    for _ in range(4):
        applied(world, access)
    assert len(system.calls) == 1
    end(world, access)
    for _ in range(4):
        applied(world, access)
    assert len(system.calls) == 2


def test_many_that_hear_of_it_at_once_grant_it_once(world: World, system: System) -> None:
    access = opened(world)
    at_once(*[lambda: applied(world, access)] * 8)
    assert system.calls == [("grant", ALICE, "orders/open")]
    assert state(world, access) == "granted"


def test_failure_is_recorded_told_and_tried_again(world: World, system: System) -> None:
    access = opened(world)
    system.refuse = [Failed("it is down"), Failed("it is down")]
    applied(world, access)
    card = grant(world.store, access)
    assert card is not None
    assert (card["state"], card["reason"], card["tries"]) == ("failed", "it is down", 1)
    assert [told["reason"] for told in notices(world, "grant.failed")] == ["it is down"]
    world.time.forward(minutes=1)
    sweep(world.store)
    (due,) = notices(world, "grant.due")
    assert due["id"] == access
    event = {"detail-type": "grant.due", "detail": {"subject": access, "data": due}}
    apply_grants.handler(event)
    assert state(world, access) == "failed"
    apply_grants.handler(event)
    assert (state(world, access), system.held) == ("granted", {(ALICE, "orders/open")})


def test_pauses_between_tries_grow(world: World, system: System) -> None:
    access = opened(world)
    system.refuse = [Failed("down") for _ in range(12)]
    waits = []
    for _ in range(12):
        applied(world, access, anew=True)
        card = grant(world.store, access)
        assert card is not None
        waits.append((clock.parse(card["due"]) - world.time.now()).total_seconds() / 60)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]


def test_what_the_system_can_never_do_is_tried_again_seldom(world: World, system: System) -> None:
    access = opened(world)
    system.refuse = [Invalid("there is no such table")]
    applied(world, access)
    world.time.forward(hours=5)
    sweep(world.store)
    assert (state(world, access), notices(world, "grant.due")) == ("failed", [])
    world.time.forward(hours=1)
    sweep(world.store)
    assert len(notices(world, "grant.due")) == 1
    applied(world, access)
    assert state(world, access) == "granted"


def test_due_grant_that_nobody_takes_up_stays_due(world: World, system: System) -> None:
    access = opened(world)
    system.refuse = [Failed("down")]
    applied(world, access)
    waits = []
    for _ in range(3):
        card = grant(world.store, access)
        assert card is not None
        waits.append((clock.parse(card["due"]) - world.time.now()).total_seconds() / 60)
        world.time.at = clock.parse(card["due"])
        sweep(world.store)
    assert waits == [1, 2, 2]


def test_deployment_that_gave_up_granting_is_not_told_of_due_grants(world: World, system: System) -> None:
    access = opened(world)
    system.refuse = [Failed("down")]
    applied(world, access)
    connect.use(None)
    world.time.forward(days=1)
    sweep(world.store)
    assert notices(world, "grant.due") == []
    assert sweep(world.store).settled == 0


def test_subject_without_a_name_there_is_said_once(world: World, system: System) -> None:
    access = opened(world)
    system.nameless.add(ALICE)
    applied(world, access)
    applied(world, access)
    assert state(world, access) == "failed"
    assert len(notices(world, "grant.failed")) == 1
    system.nameless.clear()
    applied(world, access)
    assert state(world, access) == "granted"


def test_attempt_that_was_interrupted_is_taken_up_again(
    world: World, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = opened(world)

    def cut(_permission: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(system, "grant", cut)
        with pytest.raises(KeyboardInterrupt):
            applied(world, access)
    assert state(world, access) == "pending"
    applied(world, access)
    assert system.calls == []
    world.time.forward(minutes=1)
    sweep_due.handler({})
    (due,) = notices(world, "grant.due")
    apply_grants.handler({"detail-type": "grant.due", "detail": {"subject": access, "data": due}})
    assert (state(world, access), system.held) == ("granted", {(ALICE, "orders/open")})


def test_what_was_given_by_an_interrupted_attempt_is_taken_back(
    world: World, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = opened(world)
    given = system.grant

    def give_and_stop(permission: dict[str, str]) -> None:
        given(permission)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(system, "grant", give_and_stop)
        with pytest.raises(KeyboardInterrupt):
            applied(world, access)
    end(world, access)
    applied(world, access)
    assert (system.held, state(world, access)) == (set(), "none")


def test_slow_attempt_does_not_speak_for_a_later_one(
    world: World, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = opened(world)
    given = system.grant

    def end_meanwhile(permission: dict[str, str]) -> None:
        monkeypatch.setattr(system, "grant", given)
        given(permission)
        end(world, access)
        applied(world, access)

    monkeypatch.setattr(system, "grant", end_meanwhile)
    applied(world, access)
    assert (system.held, state(world, access)) == (set(), "none")


def test_deleted_access_is_taken_back(world: World, system: System) -> None:
    access = opened(world)
    applied(world, access)
    world.run(lambda work: changes.delete(work, access, KEY))
    apply_grants.handler({"detail-type": "DataUsageAgreementDeletedEvent", "detail": {"subject": access, "data": {}}})
    assert (system.held, state(world, access)) == (set(), "none")


def test_product_with_other_ports_is_granted_anew(world: World, system: System) -> None:
    access = world.ask(port=None)
    approve(world, access)
    applied(world, access)
    world.product("orders", ports=[{"id": "open", "name": "Open"}, {"id": "new", "name": "New"}], domain="sales")
    applied(world, access)
    assert {what for _, what in system.held} == {"orders/open", "orders/new"}


def test_new_end_is_no_new_grant_where_the_system_knows_no_ends(world: World, system: System) -> None:
    subject: Subject = {"user": "alice@nav.no"}
    give = partial(self_service.grant, product="free", subject=subject, by=KEY, dialect="test")
    access = world.run(lambda work: give(work, until=None)).id
    applied(world, access)
    world.run(lambda work: give(work, until=world.time.now().replace(year=2031)))
    applied(world, access)
    card = grant(world.store, access)
    assert card is not None
    assert (card["state"], card["end"][:4]) == ("granted", "2031")
    assert system.held == {(ALICE, "free/table")}


def test_without_a_grantor_nothing_is_kept(world: World) -> None:
    applied(world, access := opened(world))
    assert (connect.connect().name, state(world, access)) == ("none", "none")
