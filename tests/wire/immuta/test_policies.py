"""Policies: rules, conditions, stages, approvers (contract section 6)."""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import Any

import pytest

from tests.wire.immuta.door import Caller, Marketplace, path_of, record_path, request_path, worded
from tests.wire.immuta.people import Issuer
from tests.wire.raw import Doc

APPROVE: Doc = {"type": "approve", "params": {}}
DENY: Doc = {"type": "deny", "params": {"comment": "never"}}
GOVERNANCE: Doc = {"type": "PERMISSION", "permission": "GOVERNANCE"}
ANYBODY = {"fact": "type", "operator": "equal", "value": "data"}


def policy(event: Doc, *rules: Doc) -> Doc:
    return {"rules": list(rules), "defaultEvent": event}


def review(*stages: Doc) -> Doc:
    return {"type": "review", "params": {"stages": list(stages)}}


def users(*callers: Caller) -> list[Doc]:
    return [{"type": "USER", "id": caller.id} for caller in callers]


def asks(value: str) -> Doc:
    return {"fact": "answers.why", "operator": "equal", "value": value}


def under(place: Marketplace, policy: Doc, **fields: Any) -> Doc:
    """A product whose form has this policy."""
    form = place.made_form(policy=policy)
    return place.product(requestFormId=form["id"], dataSources=place.attached(), **fields)


def put(caller: Caller, record: Doc, status: str = "APPROVED") -> Any:
    return caller.call("PUT", record_path(record), {"status": status})


@pytest.mark.parametrize("event", [APPROVE, {"type": "approve"}, {"type": "approve", "params": {"comment": "fine"}}])
def test_a_policy_that_approves(place: Marketplace, other: Caller, event: Doc) -> None:
    request = place.request(under(place, policy(event)), other)
    assert (request["status"], place.records(request)) == ("APPROVED", [])
    assert "expiration" not in request


@pytest.mark.parametrize(
    ("unit", "number", "days"),
    [("HOURS", 48, 2), ("DAYS", 3, 3), ("WEEKS", 1, 7), ("MONTHS", 2, 61), ("YEARS", 1, 365)],
)
def test_a_policy_that_approves_for_a_time(
    place: Marketplace, other: Caller, unit: str, number: int, days: int
) -> None:
    event = {"type": "approve", "params": {"duration": number, "durationUnit": unit}}
    request = place.request(under(place, policy(event)), other)
    left = datetime.fromisoformat(request["expiration"]).timestamp() - time.time()
    assert abs(left / 86400 - days) <= 3 * (unit in {"MONTHS", "YEARS"}) + 0.01


@pytest.mark.parametrize("event", [DENY, {"type": "deny"}, {"type": "deny", "params": {}}])
@pytest.mark.parametrize("asking", ["request", "masking"])
def test_a_policy_that_denies(place: Marketplace, other: Caller, asking: str, event: Doc) -> None:
    product = under(place, policy(event))
    request = getattr(place, asking)(product, other)
    assert (request["status"], place.records(request)) == ("DENIED", [])
    assert getattr(place, asking)(product, other)["id"] != request["id"]
    assert other.get(path_of(product, "datasources"))["data"][0]["status"] == "NONE"


CONDITIONS: list[tuple[Doc, str]] = [
    ({"all": [asks("audit")]}, "APPROVED"),
    ({"all": [asks("fun")]}, "DENIED"),
    ({"any": [asks("fun"), asks("audit")]}, "APPROVED"),
    ({"any": [asks("fun"), asks("play")]}, "DENIED"),
    ({"all": [asks("audit"), ANYBODY]}, "APPROVED"),
    ({"all": [asks("audit"), asks("fun")]}, "DENIED"),
    ({"not": asks("fun")}, "APPROVED"),
    ({"not": asks("audit")}, "DENIED"),
    ({"all": [{"any": [asks("fun"), asks("audit")]}, {"not": asks("play")}]}, "APPROVED"),
    ({"not": {"any": [asks("audit"), asks("fun")]}}, "DENIED"),
    ({"all": [{"fact": "answers.nothing", "operator": "equal", "value": "x"}]}, "DENIED"),
]


@pytest.mark.parametrize(("conditions", "status"), CONDITIONS, ids=range(len(CONDITIONS)))
def test_conditions(place: Marketplace, other: Caller, conditions: Doc, status: str) -> None:
    product = under(place, policy(DENY, {"conditions": conditions, "event": APPROVE}))
    assert place.request(product, other, form={"why": "audit"})["status"] == status


@pytest.mark.parametrize(
    ("why", "status"), [("audit", "APPROVED"), ("fun", "DENIED"), ("work", "PENDING"), (None, "PENDING")]
)
def test_the_first_rule_that_matches_wins(place: Marketplace, other: Caller, why: Any, status: str) -> None:
    rules = [
        {"conditions": {"all": [asks("audit")]}, "event": APPROVE},
        {"conditions": {"any": [asks("audit"), asks("fun")]}, "event": DENY},
        {"conditions": {"all": [asks("fun")]}, "event": APPROVE},
    ]
    product = under(place, policy(review({"any": [GOVERNANCE]}), *rules))
    assert place.request(product, other, form={"why": why})["status"] == status


@pytest.mark.parametrize("form", [None, [], "x", 1, {}, {"why": None}, {"why": {}}, {"why": ["audit"]}], ids=str)
def test_answers_of_any_shape_break_no_rule(place: Marketplace, other: Caller, form: Any) -> None:
    product = under(place, policy(DENY, {"conditions": {"all": [asks("audit")]}, "event": APPROVE}))
    assert place.request(product, other, form=form)["status"] == "DENIED"


def test_any_one_of_a_stage(place: Marketplace, owner: Caller, other: Caller, issuer: Issuer) -> None:
    second = issuer.person()
    product = under(place, policy(review({"any": users(owner, second)})))
    request = place.request(product, other)
    (record,) = place.records(request)
    assert record["approvers"] == users(owner, second)
    assert put(second, record).status == 200
    assert other.get(request_path(request))["status"] == "APPROVED"
    worded(put(owner, record), 409)


def test_every_one_of_a_stage(place: Marketplace, owner: Caller, other: Caller, issuer: Issuer) -> None:
    second = issuer.person()
    request = place.request(under(place, policy(review({"all": users(owner, second)}))), other)
    records = place.records(request)
    assert [record["status"] for record in records] == ["PENDING", "PENDING"]
    assert [put(owner, record).status for record in records].count(200) == 1
    assert other.get(request_path(request))["status"] == "PENDING"
    assert [put(second, record).status for record in records].count(200) == 1
    assert other.get(request_path(request))["status"] == "APPROVED"


def test_stages_in_order(place: Marketplace, owner: Caller, other: Caller, manager: Caller) -> None:
    product = under(place, policy(review({"any": users(owner)}, {"any": [GOVERNANCE]}, {"any": users(owner)})))
    request = place.request(product, other)
    first, second, third = place.records(request)
    assert [one["status"] for one in (first, second, third)] == ["PENDING", "BLOCKED", "BLOCKED"]
    assert first["prerequisites"] == []
    assert first["id"] in second["prerequisites"]
    assert second["id"] in third["prerequisites"]
    worded(put(manager, second), 409)
    for caller, record, left in ((owner, first, 2), (manager, second, 1), (owner, third, 0)):
        assert other.get(request_path(request))["status"] == "PENDING"
        assert put(caller, record).status == 200
        found = [one["status"] for one in place.records(request)]
        assert found == ["APPROVED"] * (3 - left) + (["PENDING"] + ["BLOCKED"] * (left - 1)) * (left > 0)
    assert other.get(request_path(request))["status"] == "APPROVED"


@pytest.mark.parametrize("at", [0, 1])
def test_a_denial_closes_what_is_open(place: Marketplace, owner: Caller, other: Caller, at: int) -> None:
    stage = {"any": users(owner)}
    request = place.request(under(place, policy(review(stage, stage, stage))), other)
    records = place.records(request)
    assert all(put(owner, record).status == 200 for record in records[:at])
    assert put(owner, records[at], "DENIED").status == 200
    found = [record["status"] for record in place.records(request)]
    assert found == ["APPROVED"] * at + ["DENIED"] + ["CANCELED"] * (2 - at)
    assert other.get(request_path(request))["status"] == "DENIED"


def test_a_denial_beside_others(place: Marketplace, owner: Caller, other: Caller, issuer: Issuer) -> None:
    second = issuer.person()
    request = place.request(under(place, policy(review({"all": users(owner, second)}))), other)
    mine = next(one for one in place.records(request) if one["approvers"] == users(owner))
    assert put(owner, mine, "DENIED").status == 200
    assert sorted(one["status"] for one in place.records(request)) == ["CANCELED", "DENIED"]


def test_withdrawing_closes_every_stage(place: Marketplace, owner: Caller, other: Caller) -> None:
    stage = {"any": users(owner)}
    request = place.request(under(place, policy(review(stage, stage))), other)
    other.ok("DELETE", request_path(request), status=204)
    assert [one["status"] for one in place.records(request)] == ["CANCELED", "CANCELED"]


def test_governance_alone_is_no_approver(place: Marketplace, manager: Caller, owner: Caller, other: Caller) -> None:
    request = place.request(under(place, policy(review({"any": users(owner)}))), other)
    (record,) = place.records(request)
    for caller in (manager, other):
        worded(put(caller, record), 403)
    assert put(owner, record).status == 200


APPROVERS: list[tuple[Doc, Doc, Doc]] = [
    ({"type": "GROUP", "name": "bakers"}, {"groups": ["bakers"]}, {"groups": ["brewers"]}),
    ({"type": "PERMISSION", "permission": "GOVERNANCE"}, {"roles": ["governance"]}, {"roles": ["audit"]}),
    ({"type": "PERMISSION", "permission": "USER_ADMIN"}, {"roles": ["user_admin"]}, {"roles": ["governance"]}),
    ({"type": "PERMISSION", "permission": "AUDIT"}, {"roles": ["audit"]}, {"roles": ["governance"]}),
    (
        {"type": "DOMAIN PERMISSION", "permission": "Manage Data Products"},
        {"souk_domains": ["{domain}"]},
        {"souk_domains": ["another"]},
    ),
    (
        {"type": "DOMAIN PERMISSION", "permission": "Manage Data Products", "domainId": "kitchen"},
        {"souk_domains": ["kitchen"]},
        {"souk_domains": ["{domain}"]},
    ),
    (
        {"type": "ATTRIBUTE", "key": "region", "value": "north"},
        {"souk_attributes": {"region": ["south", "north"]}},
        {"souk_attributes": {"region": "south", "north": "region"}},
    ),
]


def claims_for(place: Marketplace, claims: Doc) -> Doc:
    return dict(json.loads(json.dumps(claims).replace("{domain}", place.domain)))


@pytest.mark.parametrize(("approver", "right", "wrong"), APPROVERS, ids=str)
def test_approvers(place: Marketplace, issuer: Issuer, other: Caller, approver: Doc, right: Doc, wrong: Doc) -> None:
    request = place.request(under(place, policy(review({"any": [approver]}))), other)
    (record,) = place.records(request)
    assert record["approvers"] == [approver]
    worded(put(issuer.person(**claims_for(place, wrong)), record), 403)
    done = put(issuer.person(**claims_for(place, right)), record)
    assert done.status == 200, done
    assert other.get(request_path(request))["status"] == "APPROVED"


@pytest.mark.parametrize(
    "approver", [{"type": "ATTRIBUTE", "key": "region", "value": "nowhere"}, {"type": "CATALOG PERMISSION"}]
)
def test_approvers_that_nobody_here_is(place: Marketplace, other: Caller, approver: Doc) -> None:
    form = place.made_form(policy=policy(review({"any": [approver, GOVERNANCE]})))
    assert form["policy"]["defaultEvent"]["params"]["stages"][0]["any"] == [approver, GOVERNANCE]
    request = place.request(place.product(requestFormId=form["id"]), other)
    (record,) = place.records(request)
    worded(put(other, record), 403)
    place.determine(request)


@pytest.mark.parametrize("field", ["dataAccessPolicy", "maskingExceptionPolicy"])
def test_a_products_own_policies(place: Marketplace, other: Caller, field: str) -> None:
    form = place.made_form(policy=policy({"type": "dataProductPolicy"}))
    own = {"requestFormId": form["id"], field: policy(APPROVE)}
    product = place.product(**own, dataSources=place.attached())
    assert product[field]["defaultEvent"]["type"] == "approve"
    found = {"dataAccessPolicy": place.request(product, other), "maskingExceptionPolicy": place.masking(product, other)}
    assert {name: one["status"] for name, one in found.items()} == {
        name: "APPROVED" if name == field else "PENDING" for name in found
    }


def test_a_form_without_a_policy_leaves_it_to_the_product(place: Marketplace, other: Caller) -> None:
    product = place.product(dataAccessPolicy=policy(APPROVE))
    assert place.request(product, other)["status"] == "APPROVED"


def test_a_form_decides_before_the_product(place: Marketplace, other: Caller) -> None:
    product = under(place, policy(DENY), dataAccessPolicy=policy(APPROVE))
    assert place.request(product, other)["status"] == "DENIED"


def test_a_rule_may_leave_it_to_the_product(place: Marketplace, other: Caller) -> None:
    rule = {"conditions": {"all": [asks("audit")]}, "event": {"type": "dataProductPolicy"}}
    product = under(place, policy(DENY, rule), dataAccessPolicy=policy(APPROVE))
    assert place.request(product, other, form={"why": "audit"})["status"] == "APPROVED"
    assert place.request(product, other, place.users[0], form={"why": "fun"})["status"] == "DENIED"


def test_a_changed_policy_leaves_open_requests_alone(
    place: Marketplace, manager: Caller, owner: Caller, other: Caller
) -> None:
    product = place.product(dataAccessPolicy=policy(review({"any": users(owner)})))
    request = place.request(product, other)
    manager.ok("PUT", path_of(product), {"dataAccessPolicy": policy(APPROVE)})
    (record,) = place.records(request)
    assert (record["approvers"], record["status"]) == (users(owner), "PENDING")
    worded(put(manager, record), 403)
    assert put(owner, record).status == 200
    assert place.request(product, other, place.users[0])["status"] == "APPROVED"


@pytest.mark.parametrize(
    "kept",
    [
        policy(APPROVE),
        policy({"type": "approve", "params": {"comment": "ok", "duration": 5, "durationUnit": "WEEKS"}}),
        policy(review({"any": [GOVERNANCE]}, {"all": [GOVERNANCE, {"type": "GROUP", "name": "bakers"}]})),
        policy(review({"any": [GOVERNANCE]}), {"conditions": {"all": [asks("audit")]}, "event": APPROVE}),
        policy(APPROVE, {"conditions": {"not": asks("audit")}, "event": review({"any": [GOVERNANCE]})}),
    ],
    ids=range(5),
)
def test_policies_come_back(place: Marketplace, other: Caller, kept: Doc) -> None:
    product = place.product(dataAccessPolicy=kept)
    seen = {name: value for name, value in other.get(path_of(product))["dataAccessPolicy"].items() if name != "version"}
    assert seen == kept
    form = place.made_form(policy=kept)
    assert {name: value for name, value in form["policy"].items() if name != "version"} == kept
