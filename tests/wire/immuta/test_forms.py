"""Request forms, data use agreements, the current user (contract sections 6 and 7)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.wire.immuta.door import CUID, INSTANT, UUID, Caller, Marketplace, check_user, path_of, request_path, worded
from tests.wire.immuta.fields import BAD_POLICIES
from tests.wire.immuta.operations import ABSENT
from tests.wire.raw import Doc

FORMS, TERMS = "/api/request-form", "/api/data-use-agreement"
FORM_FIELDS = {
    "id",
    "name",
    "fields",
    "policy",
    "dataUseAgreements",
    "createdBy",
    "updatedBy",
    "createdAt",
    "updatedAt",
    "version",
}
DURATION_LABEL = "How long do you need access to this data?"
FIELDS: list[Doc] = [
    {"type": "SHORT_ANSWER", "label": "What for?"},
    {"type": "SHORT_ANSWER", "label": "Anything else?", "required": False},
    {"type": "DROPDOWN", "label": "Which one?", "options": [{"value": "a"}, {"value": "b"}], "required": True},
    {"type": "CHECKBOXES", "label": "Which ones?", "options": [{"value": "a"}, {"value": "b"}], "required": False},
    {"type": "ACCESS_DURATION", "label": DURATION_LABEL, "required": True},
]
BAD_FIELDS: list[Any] = [
    "x",
    1,
    {},
    [1],
    [None],
    [{}],
    [{"type": "SHORT_ANSWER"}],
    [{"label": "x"}],
    [{"type": "short_answer", "label": "x"}],
    [{"type": "ESSAY", "label": "x"}],
    [{"type": "SHORT_ANSWER", "label": 1}],
    [{"type": "SHORT_ANSWER", "label": "x", "required": "yes"}],
    [{"type": "DROPDOWN", "label": "x"}],
    [{"type": "CHECKBOXES", "label": "x"}],
    [{"type": "DROPDOWN", "label": "x", "options": "a"}],
    [{"type": "DROPDOWN", "label": "x", "options": [1]}],
    [{"type": "DROPDOWN", "label": "x", "options": [{}]}],
]
BAD_NAMES: list[Any] = [None, "", 1, [], {}, True]
BAD: list[tuple[str, Any]] = [
    *(("name", value) for value in BAD_NAMES),
    *(("fields", value) for value in BAD_FIELDS),
    *(("policy", value) for value in BAD_POLICIES),
]


def check_form(form: Doc) -> None:
    assert form.keys() == FORM_FIELDS
    assert UUID.match(form["id"])
    assert CUID.match(form["version"])
    assert INSTANT.match(form["createdAt"])
    assert INSTANT.match(form["updatedAt"])
    for who in ("createdBy", "updatedBy"):
        assert form[who].keys() == {"globalUserId", "name"}
        assert UUID.match(form[who]["globalUserId"])
    for field in form["fields"]:
        assert {"id", "type", "label", "required"} <= field.keys() <= {"id", "type", "label", "required", "options"}
        assert UUID.match(field["id"])
        assert isinstance(field["required"], bool)
    assert form["policy"].keys() - {"version"} == {"rules", "defaultEvent"}


def test_a_form_lives(place: Marketplace, manager: Caller, other: Caller) -> None:
    made = place.made_form(fields=FIELDS)
    check_form(made)
    assert made["createdBy"]["globalUserId"] == manager.id
    assert other.get(f"{FORMS}/{made['id']}") == made
    body = place.form_body(fields=FIELDS[:1])
    changed = manager.ok("PUT", f"{FORMS}/{made['id']}", body, 201)
    check_form(changed)
    assert (changed["name"], len(changed["fields"]), changed["id"]) == (body["name"], 1, made["id"])
    assert changed["version"] != made["version"]
    assert other.get(f"{FORMS}/{made['id']}") == changed
    assert other.get(f"{FORMS}/version/{changed['version']}") == changed
    former = other.get(f"{FORMS}/version/{made['version']}")
    assert (former["name"], former["fields"]) == (made["name"], made["fields"])
    gone = manager.call("DELETE", f"{FORMS}/{made['id']}")
    assert (gone.status, gone.body) == (204, b"")
    worded(other.call("GET", f"{FORMS}/{made['id']}"), 404)
    worded(manager.call("DELETE", f"{FORMS}/{made['id']}"), 404)
    assert place.made_form(name=body["name"])["id"] != made["id"]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field['type']}-{field.get('required')}")
def test_fields(place: Marketplace, other: Caller, field: Doc) -> None:
    made = place.made_form(fields=[field])
    (seen,) = other.get(f"{FORMS}/{made['id']}")["fields"]
    assert {name: seen[name] for name in field} == field
    assert seen["required"] is field.get("required", True)


def test_a_fields_own_id(place: Marketplace) -> None:
    id = str(uuid4())
    assert place.made_form(fields=[{"id": id, "type": "SHORT_ANSWER", "label": "x"}])["fields"][0]["id"] == id


def test_the_label_of_durations_is_fixed(place: Marketplace) -> None:
    made = place.made_form(fields=[{"type": "ACCESS_DURATION", "label": DURATION_LABEL, "required": True}])
    assert (made["fields"][0]["label"], made["fields"][0]["required"]) == (DURATION_LABEL, True)


@pytest.mark.parametrize(("field", "value"), BAD, ids=range(len(BAD)))
def test_bad_forms(place: Marketplace, manager: Caller, world: Doc, field: str, value: Any) -> None:
    body = place.form_body() | {field: value}
    worded(manager.call("POST", FORMS, body), 400)
    worded(manager.call("PUT", f"{FORMS}/{world['request-form']}", body), 400)


def test_a_form_needs_a_name(place: Marketplace, manager: Caller) -> None:
    worded(manager.call("POST", FORMS, {"fields": []}), 400)


def test_names_of_forms_are_taken_once(place: Marketplace, manager: Caller) -> None:
    first, second = place.made_form(), place.made_form()
    worded(manager.call("POST", FORMS, place.form_body(name=first["name"])), 409)
    worded(manager.call("PUT", f"{FORMS}/{second['id']}", place.form_body(name=first["name"])), 409)
    manager.ok("PUT", f"{FORMS}/{second['id']}", place.form_body(name=second["name"]), 201)


def test_the_default_policy(place: Marketplace) -> None:
    policy = {name: value for name, value in place.made_form()["policy"].items() if name != "version"}
    any_of = [
        {"type": "PERMISSION", "permission": "GOVERNANCE"},
        {"type": "DOMAIN PERMISSION", "permission": "Manage Data Products"},
    ]
    assert policy == {"rules": [], "defaultEvent": {"type": "review", "params": {"stages": [{"any": any_of}]}}}


def test_requests_keep_the_version(place: Marketplace, manager: Caller, other: Caller) -> None:
    form = place.made_form()
    product = place.product(requestFormId=form["id"])
    request = place.request(product, other)
    manager.call("PUT", f"{FORMS}/{form['id']}", place.form_body(fields=FIELDS[:1]))
    assert other.get(request_path(request))["formVersion"] == request["formVersion"] == form["version"]
    later = place.request(product, other, place.users[0], form={"what": "for"})
    assert later["formVersion"] == other.get(f"{FORMS}/{form['id']}")["version"] != form["version"]


@pytest.mark.parametrize("form", [None, {}, [], {"wrong": 1}, "text"], ids=str)
def test_submissions_are_not_judged(place: Marketplace, other: Caller, form: Any) -> None:
    made = place.made_form(fields=FIELDS[:4])
    product = place.product(requestFormId=made["id"])
    assert place.request(product, other, form=form)["form"] == form
    assert "form" not in place.request(product, other, place.users[0])


def test_forms_of_a_product(place: Marketplace, other: Caller) -> None:
    form = place.made_form(fields=FIELDS)
    shown = other.get(path_of(place.product(requestFormId=form["id"]), "request-forms"))
    assert sorted(one["requestType"] for one in shown) == ["DATA_ACCESS", "MASKING_EXCEPTION"]
    for one in shown:
        assert {name: value for name, value in one.items() if name != "requestType"} == form


def test_terms_live(place: Marketplace, manager: Caller, other: Caller) -> None:
    body = place.terms_body()
    made = manager.ok("POST", TERMS, body, 201)
    assert {"id", "name", "body"} <= made.keys()
    assert (made["name"], made["body"]) == (body["name"], body["body"])
    assert other.get(f"{TERMS}/{made['id']}") == made
    assert made["id"] in {one["id"] for one in other.get(TERMS, limit=1000)["data"]}
    changed = manager.call("PUT", f"{TERMS}/{made['id']}", place.terms_body(body="Changed"))
    assert changed.status in {200, 201}, changed
    assert other.get(f"{TERMS}/{made['id']}")["body"] == "Changed"
    assert manager.call("DELETE", f"{TERMS}/{made['id']}").status == 204
    worded(other.call("GET", f"{TERMS}/{made['id']}"), 404)


@pytest.mark.parametrize("field", ["name", "body"])
@pytest.mark.parametrize("value", [None, 1, [], {}, True])
def test_bad_terms(place: Marketplace, manager: Caller, field: str, value: Any) -> None:
    worded(manager.call("POST", TERMS, place.terms_body() | {field: value}), 400)


def test_forms_name_their_terms(place: Marketplace, manager: Caller) -> None:
    terms = manager.ok("POST", TERMS, place.terms_body(), 201)
    shown = {name: terms[name] for name in ("id", "name", "body")}
    form = place.made_form(dataUseAgreements=[shown])
    assert form["dataUseAgreements"] == [shown]


@pytest.mark.parametrize("terms", ["x", [1], [{}], [{"id": ABSENT}]], ids=str)
def test_bad_terms_of_a_form(place: Marketplace, manager: Caller, terms: Any) -> None:
    worded(manager.call("POST", FORMS, place.form_body(dataUseAgreements=terms)), 400, 404)


@pytest.mark.parametrize("name", ["MANAGER", "OWNER", "OTHER"])
def test_the_current_user(place: Marketplace, name: str) -> None:
    me = place.caller(name).get("/api/auth/user")
    check_user({name: me[name] for name in me.keys() - {"permissions", "domainPermissions"}})
    assert me["globalUserId"] == place.env[f"SOUK_{name}_ID"]
    assert me["email"] == place.env[f"SOUK_{name}_EMAIL"]
    for values in me["authorizations"].values():
        assert all(isinstance(value, str) for value in values)
