"""Policies that somebody set: stages, approvers, durations, overrides, separation of duties, points in time."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from souk import clock
from souk.access import approvals, changes, decisions, judging, lifecycle, policy
from souk.access.approvals import Approval
from souk.errors import Conflict, Invalid, NotAllowed, NotFound
from souk.identity.principal import Principal
from souk.work import Work
from tests.access.world import ALICE, BOB, GOVERNOR, KEY, LIMITED, MANAGER, OWNER, World


def user(by: Principal) -> dict[str, Any]:
    return {"type": "user", "id": by.id}


def review(*stages: dict[str, Any]) -> dict[str, Any]:
    return {"default": {"type": "review", "stages": list(stages)}}


TWO_STAGES = review(
    {"all": [user(OWNER), {"type": "group", "name": "analysts"}]}, {"any": [user(GOVERNOR), user(MANAGER)]}
)


def set_policy(world: World, value: policy.Policy | None, product: str = "orders", kind: str = "data") -> None:
    world.run(lambda work: judging.set_policies(work, product, **{kind: value}))


def approve(world: World, access: str, by: Principal) -> None:
    world.run(lambda work: decisions.approve(work, access, by), by)


def _decided(command: Any, access: str, by: Principal, work: Work) -> None:
    command(work, access, by)


def opened(world: World, access: str) -> list[Approval]:
    return approvals.read(Work(world.store), world.card(access)["review"]["approvals"])


def statuses(world: World, access: str) -> list[str]:
    return [approval.card["status"] for approval in opened(world, access)]


def test_stages_follow_each_other_and_all_of_them_count(world: World) -> None:
    set_policy(world, TWO_STAGES)
    access = world.ask()
    assert statuses(world, access) == ["pending", "pending", "blocked"]
    for by, then in (
        (OWNER, ["approved", "pending", "blocked"]),
        (BOB, ["approved", "approved", "pending"]),
        (MANAGER, ["approved", "approved", "approved"]),
    ):
        assert world.card(access)["status"] == "requested"
        approve(world, access, by)
        assert statuses(world, access) == then
    assert world.card(access)["status"] == "approved"
    assert world.events()[-3:] == ["updated", "approved", "activated"]


@pytest.mark.parametrize("by", [ALICE, MANAGER, GOVERNOR], ids=lambda by: by.label)
def test_who_is_not_an_approver_of_what_is_pending_decides_nothing(world: World, by: Principal) -> None:
    set_policy(world, TWO_STAGES)
    access = world.ask()
    for command in (decisions.approve, decisions.reject):
        with pytest.raises(NotAllowed):
            world.run(partial(_decided, command, access, by), by)
    assert statuses(world, access) == ["pending", "pending", "blocked"]


def test_one_denial_rejects_and_closes_the_rest(world: World) -> None:
    set_policy(world, TWO_STAGES)
    access = world.ask()
    world.run(lambda work: decisions.reject(work, access, BOB, "not needed"), BOB)
    assert statuses(world, access) == ["canceled", "denied", "canceled"]
    assert world.card(access)["decision"]["reason"] == "not needed"
    assert world.card(access)["status"] == "rejected"


def test_canceling_a_request_closes_its_approvals(world: World) -> None:
    access = world.ask()
    world.run(lambda work: changes.cancel(work, access, KEY))
    assert statuses(world, access) == ["canceled"]


def test_one_approval_decided_by_its_approver_with_a_duration(world: World) -> None:
    set_policy(world, TWO_STAGES)
    access = world.ask()
    first, second, third = (approval.key for approval in opened(world, access))
    decide = decisions.decide_approval

    def act(key: str, by: Principal, duration: int | None = None) -> Approval:
        return world.run(
            lambda work: decide(work, key, by, "approved", reason="fine", duration=duration, unit="days"), by
        )

    with pytest.raises(NotAllowed):
        act(first, BOB)
    with pytest.raises(Conflict):
        act(third, GOVERNOR)
    with pytest.raises(Invalid):
        act(first, OWNER, 0)
    with pytest.raises(NotFound):
        act(world.record(access).key, OWNER)
    assert act(first, OWNER, 30).card["status"] == "approved"
    act(second, BOB)
    with pytest.raises(Conflict):
        act(first, OWNER)
    act(third, GOVERNOR, 10)
    assert world.card(access)["end"] == clock.text(world.time.now() + timedelta(days=10))
    assert lifecycle.is_active(world.card(access), world.time.now())


def test_rules_approve_for_a_time_or_deny_and_say_which(world: World) -> None:
    by_user = {"fact": "subject.user", "operator": "equal", "value": "alice@nav.no"}
    rules = [{"name": "alice", "conditions": by_user, "event": {"type": "approve", "duration": 2, "unit": "weeks"}}]
    set_policy(world, {"rules": rules, "default": {"type": "deny", "comment": "no"}})
    good, bad = world.request(), world.request(by=BOB, subject={"user": "bob@nav.no"})
    assert world.card(good)["end"] == clock.text(world.time.now() - timedelta(microseconds=1) + timedelta(weeks=2))
    assert world.card(good)["decision"]["rule"] == "alice"
    assert world.card(bad)["status"] == "rejected"
    assert world.card(bad)["decision"]["reason"] == "no"
    assert world.events() == ["created", "requested", "approved", "activated", "created", "requested", "rejected"]


def test_a_form_rules_before_the_product_and_may_leave_it_to_it(world: World) -> None:
    set_policy(world, {"default": {"type": "deny"}})
    form = {"id": "f", "version": "v1", "answers": {"q": "why"}}
    delegating = world.request(form=form, form_policy={"default": {"type": "delegate"}})
    approving = world.request(form=form, form_policy=policy.APPROVE)
    assert world.card(delegating)["status"] == "rejected"
    assert world.card(approving)["status"] == "approved"
    assert world.card(approving)["decision"]["form_version"] == "v1"
    assert world.card(approving)["form"]["answers"] == {"q": "why"}


def test_a_set_policy_goes_before_a_ports_automatic_approval(world: World) -> None:
    set_policy(world, TWO_STAGES)
    assert world.card(world.ask(port="open"))["status"] == "requested"
    set_policy(world, None)
    assert world.card(world.ask(port="open"))["status"] == "approved"


def test_a_request_keeps_the_policy_it_was_made_under(world: World) -> None:
    set_policy(world, TWO_STAGES)
    access = world.ask()
    version = world.card(access)["review"]["policy"]
    set_policy(world, policy.APPROVE)
    assert statuses(world, access) == ["pending", "pending", "blocked"]
    assert world.card(access)["review"]["policy"] == version
    for by in (OWNER, BOB, GOVERNOR):
        approve(world, access, by)
    assert world.card(access)["decision"]["policy"] == version


def test_a_bad_policy_is_not_set(world: World) -> None:
    for value in ({"default": {"type": "dance"}}, {"default": {"type": "review", "stages": []}}):
        with pytest.raises(Invalid):
            set_policy(world, value)
    with pytest.raises(Invalid):
        set_policy(world, policy.APPROVE, kind="other")


@pytest.mark.parametrize("command", [decisions.approve, decisions.reject])
def test_guard_b_a_key_overrides_a_review_only_with_the_scope_decide(world: World, command: Any) -> None:
    set_policy(world, TWO_STAGES)
    access = world.ask()
    with pytest.raises(NotAllowed):
        world.run(lambda work: command(work, access, LIMITED), LIMITED)
    assert world.card(access)["status"] == "requested"
    world.run(lambda work: command(work, access, KEY))
    assert world.card(access)["decision"]["override"] is True
    assert statuses(world, access) == ["canceled", "canceled", "canceled"]


def test_guard_b_covers_dates_of_requests_and_of_approved_accesses(world: World) -> None:
    set_policy(world, TWO_STAGES)
    access = world.ask()
    later = clock.text(world.time.now() + timedelta(days=5))
    for _ in ("requested", "approved"):
        with pytest.raises(NotAllowed):
            world.put(access, LIMITED, end=later, start=world.card(access).get("start"))
        world.put(access, LIMITED, purpose="words only", start=world.card(access).get("start"))
        world.run(lambda work: decisions.approve(work, access, KEY))
    with pytest.raises(NotAllowed):
        world.run(lambda work: changes.extend(work, access, world.time.now() + timedelta(days=9), LIMITED))
    world.put(access, KEY, end=later, start=world.card(access)["start"])
    assert world.card(access)["redated"]["by"] == "key-1"


def test_guard_b_a_limited_key_cannot_turn_an_access_to_a_reviewed_product(world: World) -> None:
    set_policy(world, TWO_STAGES)
    access = world.ask(product="free", port="table")
    approve(world, access, KEY)
    start = world.card(access)["start"]
    with pytest.raises(NotAllowed):
        world.put(access, LIMITED, start=start)
    world.put(access, KEY, start=start)
    assert world.card(access)["object"]["product"] == "orders"


def test_a_request_that_is_turned_to_another_product_is_judged_there(world: World) -> None:
    access = world.ask(product="free", port="table")
    set_policy(world, TWO_STAGES)
    world.put(access, KEY)
    assert statuses(world, access) == ["pending", "pending", "blocked"]
    with pytest.raises(NotAllowed):
        approve(world, access, LIMITED)
    world.put(access, KEY, product="free", port="table")
    assert statuses(world, access) == ["pending"]
    set_policy(world, {"default": {"type": "deny"}})
    with pytest.raises(NotAllowed):
        world.put(access, KEY)


def test_duties_are_separate_where_they_shall_be(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = world.ask(by=OWNER, subject={"user": "someone@nav.no"})
    for_me = world.ask(subject={"user": "olga@nav.no"})
    monkeypatch.setenv("SOUK_SEPARATION_OF_DUTIES", "true")
    for access in (mine, for_me):
        with pytest.raises(NotAllowed):
            approve(world, access, OWNER)
        approve(world, access, GOVERNOR)
    monkeypatch.setenv("SOUK_SEPARATION_OF_DUTIES", "false")
    own = world.ask(by=OWNER, subject={"user": "olga@nav.no"})
    approve(world, own, OWNER)
    assert world.card(own)["status"] == "approved"


@pytest.mark.parametrize(
    ("approver", "by"),
    [
        ({"type": "user", "id": "alice@nav.no"}, ALICE),
        ({"type": "group", "name": "analysts"}, BOB),
        ({"type": "permission", "permission": "governance"}, GOVERNOR),
        ({"type": "domain_permission", "permission": "manage_data_products"}, MANAGER),
        ({"type": "domain_permission", "permission": "manage_data_products", "domain": "sales"}, MANAGER),
        ({"type": "owner"}, OWNER),
        ({"type": "attribute", "key": "grade", "value": "clerk"}, ALICE),
        ({"type": "attribute", "key": "grade", "value": "oslo"}, None),
        ({"type": "catalog_permission"}, None),
        ({"type": "domain_permission", "permission": "audit_activity", "domain": "sales"}, None),
        ({"type": "domain_permission", "permission": "manage_data_products", "domain": "other"}, None),
    ],
    ids=repr,
)
def test_exactly_the_named_approver_may(world: World, approver: dict[str, Any], by: Principal | None) -> None:
    set_policy(world, review({"any": [approver]}))
    access = world.ask()
    refused = [candidate for candidate in (ALICE, BOB, GOVERNOR, MANAGER, OWNER) if candidate != by]
    for candidate in refused:
        with pytest.raises(NotAllowed):
            decisions.approve(Work(world.store), access, candidate)
    approve(world, access, by or KEY)
    assert world.card(access)["decision"]["override"] is (by is None)
