"""Data products: create, read, change, delete (contract section 3)."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from souk.products.saving import save_card
from souk.work import Work, run
from tests.immuta.conftest import DOMAIN, ELSEWHERE, World
from tests.immuta.driver import segment

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z")


def test_a_product_shows_every_field(world: World) -> None:
    expert = {"subjectMatterExpert": {"id": world.id("other"), "name": "Odd Other"}}
    sources = [{"sourceId": "orders"}, {"sourceId": "customers"}]
    made = world.product(name="Orders (all)", description="What was sold", metadata=expert, dataSources=sources)
    shown = world.reader.get(f"/api/data-product/{made['id']}")
    assert shown == {
        "id": made["id"],
        "name": "Orders (all)",
        "description": "What was sold",
        "domains": [DOMAIN],
        "suspended": False,
        "createdBy": world.id("manager"),
        "createdAt": made["createdAt"],
        "updatedAt": made["createdAt"],
        "metadata": expert,
        "status": "NONE",
        "sourceTypes": ["Redshift", "Snowflake"],
        "stats": {
            "dataSourceCount": 2,
            "pendingRequestCount": 0,
            "approvedRequestCount": 0,
            "revokedRequestCount": 0,
            "canceledRequestCount": 0,
            "deniedRequestCount": 0,
            "totalRequestCount": 0,
        },
    }
    assert INSTANT.match(made["createdAt"])
    assert made["status"] == "PUBLISHER"


def test_a_client_may_choose_the_id_once(world: World) -> None:
    chosen = str(uuid4())
    assert world.product(id=chosen)["id"] == chosen
    assert world.manager.refused("POST", "/api/data-product", world.body(id=chosen)) == 409


@pytest.mark.parametrize("missing", ["name", "metadata", "domains", "requestFormId"])
def test_what_a_create_requires(world: World, missing: str) -> None:
    body = {name: value for name, value in world.body().items() if name != missing}
    assert world.manager.refused("POST", "/api/data-product", body) == 400


BAD: list[dict[str, Any]] = [
    {"name": ""},
    {"name": "   "},
    {"name": "a" * 256},
    {"name": "what?"},
    {"name": 7},
    {"name": None},
    {"domains": []},
    {"domains": "x"},
    {"domains": [1]},
    {"metadata": {}},
    {"metadata": {"subjectMatterExpert": {"name": "no id"}}},
    {"metadata": {"subjectMatterExpert": {"id": "no uuid"}}},
    {"requestFormId": "nothing"},
    {"requestFormId": "7d0c5a7e-2f4b-4a86-9c3d-5e7f9a1b2c3d"},
    {"id": "not-a-uuid"},
    {"description": 5},
    {"dataSources": [{"sourceId": "nowhere"}]},
    {"dataSources": [{"sourceId": "foreign"}]},
    {"dataSources": [{}]},
    {"dataSources": "orders"},
    {"dataAccessPolicy": {"rules": [], "defaultEvent": {"type": "perhaps"}}},
    {"dataAccessPolicy": {"rules": []}},
    {"dataAccessPolicy": {"rules": 5, "defaultEvent": {"type": "deny"}}},
    {"dataAccessPolicy": {"rules": [1], "defaultEvent": {"type": "deny", "params": 3}}},
    {"dataAccessPolicy": {"rules": [{"event": {}, "conditions": 1}], "defaultEvent": "deny"}},
    {"dataAccessPolicy": {"rules": [], "defaultEvent": {"type": "review", "params": {"stages": [{"any": [{}]}]}}}},
]


@pytest.mark.parametrize("fields", BAD)
def test_what_a_create_refuses(world: World, fields: dict[str, Any]) -> None:
    assert world.manager.refused("POST", "/api/data-product", world.body(**fields)) == 400
    assert world.manager.get("/api/data-product")["data"] == []


@pytest.mark.parametrize("field", ["name", "domains", "suspended", "requestFormId", "description", "metadata"])
def test_what_an_update_refuses(world: World, field: str) -> None:
    product = world.product()
    assert world.manager.refused("PUT", f"/api/data-product/{product['id']}", {field: 17}) == 400


@pytest.mark.parametrize("text", ["", "{", "[]", '"text"', "null"])
def test_a_body_must_be_an_object(world: World, text: str) -> None:
    assert world.manager.refused("POST", "/api/data-product", text) == 400


def test_forms_may_be_given_for_each_type(world: World) -> None:
    fields = {"dataAccessRequestFormId": world.form, "maskingExceptionRequestFormId": world.open_form}
    product = world.product(requestFormId=None, **fields)
    forms = world.reader.get(f"/api/data-product/{product['id']}/request-forms")
    assert {form["requestType"]: form["id"] for form in forms} == {
        "DATA_ACCESS": world.form,
        "MASKING_EXCEPTION": world.open_form,
    }


def test_a_name_is_taken_once_whatever_white_space_is_around_it(world: World) -> None:
    product = world.product(name="Orders")
    assert world.manager.refused("POST", "/api/data-product", world.body(name=" Orders ")) == 409
    other = world.product(name="Orders 2")
    assert world.manager.refused("PUT", f"/api/data-product/{other['id']}", {"name": "Orders"}) == 409
    world.manager.ok("DELETE", f"/api/data-product/{product['id']}")
    assert world.product(name="Orders")["id"] != product["id"]


def test_a_name_that_another_door_gave_counts(world: World) -> None:
    card = {"title": "Sold", "ports": [], "origin": "elsewhere"}
    run(world.store, lambda work: save_card(work, "sold", card, "elsewhere"))  # type: ignore[arg-type]
    assert world.manager.refused("POST", "/api/data-product", world.body(name="Sold")) == 409


@pytest.mark.parametrize("name", ["a/b", "/a", "a b (c)", "back\\slash", "a%2Fb".replace("%2F", "/-"), "Ärger 1"])
def test_names_in_paths_may_hold_slashes(world: World, name: str) -> None:
    product = world.product(name=name)
    assert world.reader.get(f"/api/data-product/{segment(name)}/byName")["id"] == product["id"]
    assert world.reader.refused("GET", f"/api/data-product/{segment(name + 'x')}/byName") == 404


def test_an_update_replaces_what_it_gives(world: World) -> None:
    product = world.product(description="old", dataSources=[{"sourceId": "orders"}])
    path = f"/api/data-product/{product['id']}"
    changed = world.manager.ok("PUT", path, {"name": "New name", "id": product["id"], "unknown": 1})
    assert changed == product | {"name": "New name", "updatedAt": changed["updatedAt"]}
    assert changed["updatedAt"] > product["updatedAt"]
    cleared = world.manager.ok("PUT", path, {"description": None, "metadata": None, "suspended": True})
    assert (cleared["description"], cleared["metadata"], cleared["suspended"]) == (None, None, True)
    assert world.manager.ok("PUT", path, {"suspended": False})["suspended"] is False
    assert world.manager.refused("PUT", path, {"id": str(uuid4())}) == 400
    assert world.manager.ok("PUT", path, {})["name"] == "New name"


def test_writing_back_what_was_read_changes_nothing_but_the_instant(world: World) -> None:
    product = world.product(description="d", dataSources=[{"sourceId": "orders"}])
    back = world.manager.ok("PUT", f"/api/data-product/{product['id']}", product)
    assert back | {"updatedAt": ""} == product | {"updatedAt": ""}


def test_an_answer_that_depends_on_the_caller_is_never_not_modified(world: World) -> None:
    product = world.product()
    path = f"/api/data-product/{product['id']}"
    tag = world.reader.call("GET", path).headers["etag"]
    world.request(product)
    again = world.reader.call("GET", path, if_none_match=tag)
    assert (again.status, again.json()["status"]) == (200, "PENDING")
    assert world.manager.call("PUT", path, {"description": "x"}, if_match=tag).status == 200
    assert world.manager.call("PUT", path, {"description": "y"}, if_match=tag).status == 412
    assert world.manager.call("DELETE", path, if_match=tag).status == 412
    assert "etag" not in world.reader.call("GET", f"{path}/members").headers


def test_a_product_of_another_domain_keeps_no_source(world: World) -> None:
    product = world.product(dataSources=[{"sourceId": "orders"}])
    assert world.manager.refused("PUT", f"/api/data-product/{product['id']}", {"domains": [ELSEWHERE]}) == 400
    world.manager.ok("PUT", f"/api/data-product/{product['id']}/datasources", {"dataSources": []})
    world.manager.ok("PUT", f"/api/data-product/{product['id']}", {"domains": [ELSEWHERE]})


def test_a_deleted_product_is_gone_and_its_requests_are_closed(world: World) -> None:
    product = world.product()
    approved = world.request(product)
    world.determine(approved)
    pending = world.request(product, user="other")
    answer = world.manager.call("DELETE", f"/api/data-product/{product['id']}")
    assert (answer.status, answer.text) == (200, "")
    assert world.manager.refused("GET", f"/api/data-product/{product['id']}") == 404
    assert world.manager.refused("DELETE", f"/api/data-product/{product['id']}") == 404
    assert world.shown(approved)["status"] == "REVOKED"
    assert world.shown(pending)["status"] == "CANCELED"
    assert world.shown(pending)["dataProduct"]["name"] == product["name"]


def test_products_of_other_doors_show_under_one_id(world: World) -> None:
    def make(work: Work) -> None:
        card = {"title": "Elsewhere's", "owner": "t", "ports": [{"id": "out", "name": "Out", "type": "kafka"}]}
        save_card(work, "made/elsewhere", {**card, "origin": "elsewhere"}, "elsewhere")  # type: ignore[typeddict-item]

    run(world.store, make)
    (listed,) = world.reader.get("/api/data-product")["data"]
    shown = world.reader.get(f"/api/data-product/{listed['id']}")
    assert shown == listed
    assert (shown["name"], shown["sourceTypes"]) == ("Elsewhere's", ["kafka"])
    assert re.match(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-", shown["id"])
    back = world.manager.ok("PUT", f"/api/data-product/{shown['id']}", shown)
    assert back | {"updatedAt": ""} == shown | {"updatedAt": ""}
    assert world.request(shown)["status"] == "PENDING"


def test_unknown_paths_and_products(world: World) -> None:
    nobody = str(uuid4())
    for path in ("", "/datasources", "/datasources/all", "/request", "/members", "/columns", "/request-forms"):
        assert world.reader.refused("GET", f"/api/data-product/{nobody}{path}") == 404
    assert world.reader.refused("GET", "/api/nothing") == 404
    assert world.reader.refused("GET", f"/api/data-product/{nobody}/nothing/more") == 404
    assert world.reader.refused("PATCH", f"/api/data-product/{nobody}") == 404


@pytest.mark.parametrize("secret", ["", "nonsense", "a.b.c"])
def test_every_operation_needs_a_token(world: World, secret: str) -> None:
    world.reader.secret = secret
    assert world.reader.refused("GET", "/api/data-product") == 401
    assert world.reader.refused("POST", "/api/data-product", "{") == 401
    assert world.reader.refused("GET", f"/api/access-request/{'c' * 25}") == 401
