"""Many at once: each effect once, none lost, whatever comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from souk import clock
from souk.access import approvals, changes, decisions, judging, lifecycle, queries, requests, self_service
from souk.access.requests import Asked
from souk.errors import Conflict, NotAllowed
from souk.identity.principal import Principal
from souk.work import Work, run
from tests.access.world import ALICE, KEY, World, sweep
from tests.threads import in_threads

APPROVERS = [Principal(kind="user", id=f"u{n}", email=f"u{n}@nav.no", teams=frozenset({"shop"})) for n in range(16)]


def bound(world: World, command: Callable[..., Any], *args: Any, by: Principal = KEY) -> Callable[[], Any]:
    return lambda: run(world.store, lambda work: command(work, *args, by), principal=by.label)


def _decide_one(work: Work, key: str, by: Principal) -> approvals.Approval:
    return decisions.decide_approval(work, key, by, "approved")


def alternating(verbs: list[str]) -> bool:
    changes_ = [verb for verb in verbs if verb in {"activated", "deactivated"}]
    return changes_ == ["activated", "deactivated"][: len(changes_)]


def test_sixteen_approvers_have_one_effect(world: World) -> None:
    access = world.ask()
    in_threads(bound(world, decisions.approve, access, by=by) for by in APPROVERS)
    assert world.events() == ["created", "requested", "updated", "approved", "activated"]
    assert len(list(queries.access_log(Work(world.store), "orders"))) == 1


def test_sixteen_approvers_of_one_approval_one_wins(world: World) -> None:
    access = world.ask()
    key = world.card(access)["review"]["approvals"][0]
    outcomes = in_threads(bound(world, _decide_one, key, by=by) for by in APPROVERS)
    assert Counter(type(outcome) for outcome in outcomes) == {approvals.Approval: 1, Conflict: 15}
    assert world.events()[2:] == ["updated", "approved", "activated"]


def test_a_stage_that_all_must_approve_loses_nobody(world: World) -> None:
    everyone = {"default": {"type": "review", "stages": [{"all": [{"type": "user", "id": by.id} for by in APPROVERS]}]}}
    world.run(lambda work: judging.set_policies(work, "orders", data=everyone))
    access = world.ask()
    in_threads(bound(world, decisions.approve, access, by=by) for by in APPROVERS)
    review = approvals.read(Work(world.store), world.card(access)["review"]["approvals"])
    assert [approval.card["action"]["by"] for approval in review] == [by.email for by in APPROVERS]
    assert world.events().count("approved") == 1
    assert world.card(access)["status"] == "approved"


@pytest.mark.parametrize("round_", range(5))
def test_approve_against_reject_has_one_outcome(world: World, round_: int) -> None:
    access = world.ask()
    outcomes = in_threads(
        [bound(world, verb, access, by=by) for verb in (decisions.approve, decisions.reject) for by in APPROVERS[:4]]
    )
    events = world.events()
    assert events.count("approved") + events.count("rejected") == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 4


@pytest.mark.parametrize("round_", range(5))
def test_approve_against_cancel_against_the_sweep(world: World, round_: int) -> None:
    start = clock.text(world.time.now() + timedelta(hours=1))
    end = clock.text(world.time.now() + timedelta(hours=9))
    access = world.ask(start=start, end=end)
    ready = world.ask(start=start, end=end)
    world.run(lambda work: decisions.approve(work, ready, KEY))
    world.time.forward(hours=2)
    actions = [bound(world, decisions.approve, access), bound(world, changes.end, ready)] * 3
    in_threads([*actions, *[lambda: sweep(world.store)] * 3, bound(world, changes.end, access)])
    sweep(world.store)
    events = world.raw_events()
    for made in (access, ready):
        verbs = [event["verb"] for event in events if event["subject"] == made]
        card = world.card(made)
        assert alternating(verbs)
        assert verbs.count("approved") == 1
        assert card["announced"] is lifecycle.is_active(card, world.time.now())
        assert verbs.count("activated") - verbs.count("deactivated") == card["announced"]


def test_many_sweeps_tell_each_change_once(world: World) -> None:
    start = clock.text(world.time.now() + timedelta(hours=1))
    made = [world.ask(port="open", start=start) for _ in range(10)]
    world.events()
    world.time.forward(hours=2)
    in_threads([lambda: sweep(world.store)] * 6)
    assert Counter(event["subject"] for event in world.raw_events()) == dict.fromkeys(made, 1)


def test_simultaneous_requests_of_one_subject_are_one(world: World) -> None:
    asked = Asked({"user": "alice@nav.no"}, {"product": "orders"}, "test", start_on_approval=True)
    outcomes = in_threads([bound(world, requests.request_access, asked, by=ALICE)] * 8)
    assert Counter(type(outcome).__name__ for outcome in outcomes) == {"Record": 1, "Conflict": 7}
    assert world.events() == ["created", "requested"]


def test_simultaneous_grants_of_many_subjects_all_stand(world: World) -> None:
    def grant(name: str) -> Callable[[], Any]:
        subject: Any = {"user": name}
        command = self_service.grant
        return lambda: run(world.store, lambda work: command(work, "free", subject, None, ALICE, "test"))

    names = [f"s{number}@nav.no" for number in range(12)]
    in_threads([grant(name) for name in names for _ in range(2)])
    assert set(queries.active_map(Work(world.store), "free")) == {f"user:{name}" for name in names}
    assert Counter(entry.subject for entry in queries.access_log(Work(world.store), "free")) == dict.fromkeys(names, 2)
    assert queries.counts(Work(world.store), "free") == {"active": 12}


def test_a_product_is_deleted_or_asked_for_but_not_both(world: World) -> None:
    def delete(work: Work, _by: Principal) -> None:
        work.remove(work.get("product", "orders"), guarded=True)

    asked = Asked({"user": "alice@nav.no"}, {"product": "orders", "port": "out"}, "test")
    outcomes = in_threads(
        [bound(world, delete), *[bound(world, changes.put_access, f"a{number}", asked) for number in range(4)]]
    )
    made = sum(Work(world.store).find("access", f"a{number}") is not None for number in range(4))
    stands = Work(world.store).find("product", "orders") is not None
    assert stands is (made > 0)
    assert not any(isinstance(outcome, NotAllowed) for outcome in outcomes)
