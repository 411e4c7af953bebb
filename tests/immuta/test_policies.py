"""Policies, approval records, forms, agreements (contract sections 6 and 7)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from souk.work import Work, run
from tests.immuta.conftest import DOMAIN, World
from tests.immuta.driver import Doc

DEFAULT = {
    "rules": [],
    "defaultEvent": {
        "type": "review",
        "params": {
            "stages": [
                {
                    "any": [
                        {"type": "PERMISSION", "permission": "GOVERNANCE"},
                        {"type": "DOMAIN PERMISSION", "permission": "Manage Data Products"},
                    ]
                }
            ]
        },
    },
}
APPROVE: Doc = {"type": "approve", "params": {"comment": "fine", "duration": 2, "durationUnit": "WEEKS"}}
DENY: Doc = {"type": "deny", "params": {"comment": "never"}}
CUID = re.compile(r"c[a-z0-9]{24}\Z")


def review(*stages: Doc) -> Doc:
    return {"type": "review", "params": {"stages": list(stages)}}


def named(world: World, *names: str) -> list[Doc]:
    return [{"type": "USER", "id": world.id(name)} for name in names]


def fact(answer: str, operator: str, value: Any) -> Doc:
    return {"fact": f"answers.{answer}", "operator": operator, "value": value}


def policy(event: Doc, *rules: Doc) -> Doc:
    return {"rules": list(rules), "defaultEvent": event}


def test_the_default_policy_is_one_approval_by_hand(world: World) -> None:
    product = world.product()
    data, masking = world.reader.get(f"/api/data-product/{product['id']}/request-forms")
    assert (data["requestType"], masking["requestType"]) == ("DATA_ACCESS", "MASKING_EXCEPTION")
    assert data["policy"] == DEFAULT
    assert data | {"requestType": ""} == masking | {"requestType": ""}
    request = world.request(product)
    (record,) = world.records(request)
    assert CUID.match(record["id"])
    assert record == {
        "id": record["id"],
        "dataAccessRequestId": request["id"],
        "approvers": DEFAULT["defaultEvent"]["params"]["stages"][0]["any"],  # type: ignore[index]
        "prerequisites": [],
        "status": "PENDING",
        "createdAt": request["createdAt"],
        "updatedAt": request["createdAt"],
        "approverCriteriaMet": None,
        "duration": None,
        "durationUnit": None,
    }


def test_a_determination_shows_who_and_why(world: World) -> None:
    request = world.request(world.product())
    (record,) = world.records(request)
    body = {"status": "APPROVED", "reason": "ok", "duration": 3, "durationUnit": "MONTHS"}
    done = world.keeper.ok("PUT", f"/api/approval-record/{record['id']}", body)
    assert (done["status"], done["reason"], done["duration"], done["durationUnit"]) == ("APPROVED", "ok", 3, "MONTHS")
    assert done["actionBy"]["globalUserId"] == world.id("keeper")
    assert world.records(request) == [done]
    assert world.manager.refused("PUT", f"/api/approval-record/{record['id']}", body) == 409


BAD: list[Any] = [
    {},
    {"status": "PENDING"},
    {"status": "GOOD"},
    {"status": "APPROVED", "other": 1},
    {"status": "APPROVED", "duration": 0},
    {"status": "APPROVED", "duration": "1"},
    {"status": "APPROVED", "duration": 1, "durationUnit": "days"},
    {"status": "APPROVED", "duration": 10**9, "durationUnit": "YEARS"},
]


@pytest.mark.parametrize("body", BAD)
def test_what_a_determination_refuses(world: World, body: Any) -> None:
    (record,) = world.records(world.request(world.product()))
    assert world.manager.refused("PUT", f"/api/approval-record/{record['id']}", body) == 400


def test_who_is_no_approver_determines_nothing(world: World) -> None:
    request = world.request(world.product())
    (record,) = world.records(request)
    assert world.reader.refused("PUT", f"/api/approval-record/{record['id']}", {"status": "APPROVED"}) == 403
    assert world.manager.refused("PUT", f"/api/approval-record/{'c' * 25}", {"status": "APPROVED"}) == 404
    assert world.manager.refused("PUT", "/api/approval-record/x", {"status": "APPROVED"}) == 404
    assert world.shown(request)["status"] == "PENDING"


def test_rules_come_first_to_last_then_the_default(world: World) -> None:
    rules = [
        {"conditions": {"any": [fact("team", "equal", "fraud")]}, "event": DENY},
        {"conditions": {"all": [{"not": fact("days", "greaterThan", 30)}]}, "event": APPROVE},
        {"conditions": {"all": []}, "event": review({"any": named(world, "other")})},
    ]
    product = world.product(dataAccessPolicy=policy(DENY, *rules))
    denied = world.request(product, form={"team": "fraud", "days": 1})
    assert (denied["status"], world.records(denied)) == ("DENIED", [])
    approved = world.request(product, form={"days": 7})
    assert approved["status"] == "APPROVED"
    assert approved["expiration"] > approved["createdAt"]
    reviewed = world.request(product, user="other", form={"days": 31})
    assert reviewed["status"] == "PENDING"
    assert world.records(reviewed)[0]["approvers"] == named(world, "other")


def test_stages_follow_one_another(world: World) -> None:
    stages = review({"all": named(world, "keeper", "other")}, {"any": named(world, "manager", "reader")})
    product = world.product(dataAccessPolicy=policy(stages))
    request = world.request(product)
    first, second, last = world.records(request)
    assert [one["status"] for one in (first, second, last)] == ["PENDING", "PENDING", "BLOCKED"]
    assert last["prerequisites"] == [first["id"], second["id"]]
    body = {"status": "APPROVED"}
    assert world.manager.refused("PUT", f"/api/approval-record/{last['id']}", body) == 409
    assert world.manager.refused("PUT", f"/api/approval-record/{first['id']}", body) == 403
    world.keeper.ok("PUT", f"/api/approval-record/{first['id']}", body)
    assert world.shown(request)["status"] == "PENDING"
    world.other.ok("PUT", f"/api/approval-record/{second['id']}", body)
    assert [one["status"] for one in world.records(request)] == ["APPROVED", "APPROVED", "PENDING"]
    world.reader.ok("PUT", f"/api/approval-record/{last['id']}", body | {"duration": 1})
    assert world.shown(request)["status"] == "APPROVED"
    assert world.shown(request)["expiration"]


def test_a_denial_closes_what_is_open(world: World) -> None:
    stages = review({"all": named(world, "keeper", "other")}, {"any": named(world, "manager")})
    request = world.request(world.product(dataAccessPolicy=policy(stages)))
    first = world.records(request)[0]
    world.keeper.ok("PUT", f"/api/approval-record/{first['id']}", {"status": "DENIED", "reason": "no"})
    assert [one["status"] for one in world.records(request)] == ["DENIED", "CANCELED", "CANCELED"]
    assert world.shown(request)["status"] == "DENIED"


def test_policies_come_back_as_they_were_sent(world: World) -> None:
    approvers = [
        *named(world, "reader"),
        {"type": "GROUP", "name": "data-office", "iamId": "x"},
        {"type": "PERMISSION", "permission": "AUDIT"},
        {"type": "DOMAIN PERMISSION", "permission": "Manage Data Products", "domainId": DOMAIN},
        {"type": "ATTRIBUTE", "key": "region", "value": "EU"},
        {"type": "CATALOG PERMISSION"},
    ]
    condition = {"all": [{"any": [{"fact": "type", "operator": "equal", "value": "data"}]}, {"not": {"all": []}}]}
    rules = [{"conditions": condition, "event": APPROVE}, {"conditions": {"any": []}, "event": DENY}]
    sent = policy(review({"any": approvers}), *rules)
    product = world.product(dataAccessPolicy=sent, maskingExceptionPolicy=policy(DENY))
    shown = world.reader.get(f"/api/data-product/{product['id']}")
    assert CUID.match(shown["dataAccessPolicy"].pop("version"))
    assert shown["dataAccessPolicy"] == sent
    back = world.manager.ok("PUT", f"/api/data-product/{product['id']}", {"dataAccessPolicy": None})
    assert "dataAccessPolicy" not in back
    assert back["maskingExceptionPolicy"]["defaultEvent"] == DENY


def test_a_policy_that_approves_shows_in_what_other_doors_see(world: World) -> None:
    opened = world.product(requestFormId=world.open_form, dataSources=[{"sourceId": "orders"}])
    path = f"/api/data-product/{opened['id']}"

    def card() -> Doc:
        found: Doc = Work(world.store).get("product", opened["id"]).body["card"]
        return found

    assert (card()["restricted"], card()["ports"][0]["auto_approve"]) == (False, True)
    world.manager.ok("PUT", path, {"requestFormId": world.form})
    assert (card()["restricted"], card()["ports"][0]["auto_approve"]) == (True, False)
    assert world.request(opened)["status"] == "PENDING"

    def turn(work: Work) -> None:
        record = work.get("product", opened["id"])
        ports = [{**port, "auto_approve": True} for port in record.body["card"]["ports"]]
        work.save("product", opened["id"], {**record.body, "card": {**record.body["card"], "ports": ports}})

    run(world.store, turn)
    assert world.request(opened, user="other")["status"] == "APPROVED"


def test_forms_are_made_changed_and_deleted(world: World) -> None:
    terms = world.manager.ok("POST", "/api/data-use-agreement", {"name": "House rules", "body": "Be kind."}, 201)
    fields = [
        {"type": "SHORT_ANSWER", "label": "Why?", "required": False},
        {"type": "DROPDOWN", "label": "Where?", "options": [{"value": "EU"}, {"value": "US"}]},
        {"type": "ACCESS_DURATION"},
    ]
    body = {"name": "Asked", "fields": fields, "dataUseAgreements": [{"id": terms["id"]}]}
    form = world.manager.ok("POST", "/api/request-form", body, 201)
    assert form["policy"] == DEFAULT
    assert form["dataUseAgreements"] == [{"id": terms["id"], "name": "House rules", "body": "Be kind."}]
    assert form["createdBy"] == {"globalUserId": world.id("manager"), "name": "Mina Manager"}
    assert [one["label"] for one in form["fields"]][2] == "How long do you need access to this data?"
    assert [one["required"] for one in form["fields"]] == [False, True, True]
    assert form["fields"][1]["options"] == [{"value": "EU"}, {"value": "US"}]
    assert world.manager.refused("POST", "/api/request-form", body) == 409
    assert world.reader.refused("POST", "/api/request-form", body | {"name": "Other"}) == 403
    assert world.reader.get(f"/api/request-form/{form['id']}") == form
    changed = world.manager.ok("PUT", f"/api/request-form/{form['id']}", {"name": "Asked again"}, 201)
    assert changed["version"] != form["version"]
    assert changed["fields"] == form["fields"]
    assert world.reader.get(f"/api/request-form/version/{form['version']}")["name"] == "Asked"
    names = [one["name"] for one in world.reader.get("/api/request-form")["data"]]
    assert names == ["Asked again", "Manual", "Open"]
    assert world.manager.refused("DELETE", f"/api/data-use-agreement/{terms['id']}") == 409
    world.manager.ok("DELETE", f"/api/request-form/{form['id']}", status=204)
    assert world.reader.refused("GET", f"/api/request-form/{form['id']}") == 404
    world.manager.ok("DELETE", f"/api/data-use-agreement/{terms['id']}", status=204)
    assert world.reader.get("/api/data-use-agreement")["data"] == []


def test_an_answer_limits_an_automatic_approval(world: World) -> None:
    body = {"name": "How long", "fields": [{"type": "ACCESS_DURATION"}], "policy": policy({"type": "approve"})}
    form = world.manager.ok("POST", "/api/request-form", body, 201)
    product = world.product(requestFormId=form["id"])
    answers = {form["fields"][0]["id"]: {"duration": 2, "durationUnit": "DAYS"}}
    assert "expiration" in world.request(product, form=answers)
    assert "expiration" not in world.request(product, user="other", form="no answer")


def test_a_strict_form_wants_its_answers(world: World) -> None:
    field = {"type": "SHORT_ANSWER", "label": "Why?"}
    form = world.manager.ok("POST", "/api/request-form", {"name": "Strict", "fields": [field], "strict": True}, 201)
    product = world.product(requestFormId=form["id"])
    path = f"/api/data-product/{product['id']}/request"
    assert world.reader.refused("POST", path, {"user": world.id("reader"), "form": {}}) == 400
    assert world.request(product, form={"Why?": "A report"})["status"] == "PENDING"


def test_the_caller(world: World) -> None:
    shown = world.keeper.get("/api/auth/user")
    assert shown["globalUserId"] == world.id("keeper")
    assert shown["domainPermissions"] == [{"domainId": DOMAIN, "permissions": ["Manage Data Products"]}]
    assert world.manager.get("/api/auth/user")["permissions"] == ["GOVERNANCE"]
    assert world.key.get("/api/auth/user")["globalUserId"]
