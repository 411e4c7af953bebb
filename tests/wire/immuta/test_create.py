"""createDataProduct field by field (contract section 3)."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from tests.wire.immuta.door import CUID, Caller, Marketplace, check_product, path_of, worded
from tests.wire.immuta.fields import BAD, BAD_SOURCES, GOOD, GOOD_NAMES, NO_POLICIES, POLICY, plain
from tests.wire.immuta.operations import ABSENT, ABSENT_CUID

PATH = "/api/data-product"


def test_the_least_body(place: Marketplace, manager: Caller, other: Caller) -> None:
    body = place.body()
    before = time.time()
    made = manager.ok("POST", PATH, body, 201)
    check_product(made)
    assert {name: made[name] for name in ("name", "metadata", "domains")} == {
        name: body[name] for name in ("name", "metadata", "domains")
    }
    assert (made["suspended"], made["createdBy"], made["status"]) == (False, manager.id, "PUBLISHER")
    assert "requestId" not in made
    assert made["createdAt"] == made["updatedAt"]
    assert before - 1 <= datetime.fromisoformat(made["createdAt"]).timestamp() <= time.time() + 1
    assert set(made["stats"].values()) == {0}
    assert other.get(path_of(made, "datasources", "all")) == {"dataSources": []}


@pytest.mark.parametrize("field", ["name", "metadata", "domains", "requestFormId"])
def test_required_fields(place: Marketplace, manager: Caller, field: str) -> None:
    body = place.body()
    del body[field]
    worded(manager.call("POST", PATH, body), 400)


@pytest.mark.parametrize(("field", "value"), [*BAD, ("requestFormId", None), ("id", ABSENT_CUID[:-1])], ids=repr)
def test_bad_fields(place: Marketplace, manager: Caller, field: str, value: Any) -> None:
    body = place.body(description=str(uuid4())) | {field: value}
    worded(manager.call("POST", PATH, body), 400)


@pytest.mark.parametrize("sources", BAD_SOURCES, ids=range(len(BAD_SOURCES)))
def test_bad_sources(place: Marketplace, manager: Caller, other: Caller, sources: Any) -> None:
    body = place.body(dataSources=sources)
    worded(manager.call("POST", PATH, body), 400)
    assert other.get(PATH, nameFilter=body["name"])["data"] == []


@pytest.mark.parametrize(("field", "policy"), NO_POLICIES, ids=range(len(NO_POLICIES)))
def test_bad_policies(place: Marketplace, manager: Caller, field: str, policy: Any) -> None:
    worded(manager.call("POST", PATH, place.body() | {field: policy}), 400)


@pytest.mark.parametrize("pattern", GOOD_NAMES)
def test_good_names(place: Marketplace, manager: Caller, pattern: str) -> None:
    name = pattern.format(uuid4().hex)
    made = manager.ok("POST", PATH, place.body(name=name), 201)
    assert made["name"] == name
    assert manager.get(path_of(made)) == made


def test_a_name_of_one_letter(place: Marketplace, manager: Caller) -> None:
    made = manager.ok("POST", PATH, place.body(name="q"), 201)
    manager.ok("DELETE", path_of(made))
    assert made["name"] == "q"


@pytest.mark.parametrize(("field", "value"), GOOD, ids=range(len(GOOD)))
def test_good_fields(place: Marketplace, manager: Caller, other: Caller, field: str, value: Any) -> None:
    made = manager.ok("POST", PATH, place.body() | {field: value}, 201)
    assert plain(made[field]) == value
    assert plain(other.get(path_of(made))[field]) == value


def test_an_id_of_the_clients(place: Marketplace, manager: Caller) -> None:
    id = str(uuid4())
    made = manager.ok("POST", PATH, place.body(id=id), 201)
    assert made["id"] == id
    worded(manager.call("POST", PATH, place.body(id=id)), 409)
    assert manager.get(path_of(made)) == made


def test_the_newer_names_of_forms(place: Marketplace, manager: Caller, other: Caller) -> None:
    body = place.body(dataAccessRequestFormId=place.form, maskingExceptionRequestFormId=place.open_form)
    del body["requestFormId"]
    made = manager.ok("POST", PATH, body, 201)
    forms = other.get(path_of(made, "request-forms"))
    found = {form["requestType"]: form["id"] for form in forms}
    assert found == {"DATA_ACCESS": place.form, "MASKING_EXCEPTION": place.open_form}


def test_the_newer_names_of_policies(place: Marketplace, manager: Caller) -> None:
    made = manager.ok("POST", PATH, place.body(dataAccessReviewFlow=POLICY, maskingExceptionReviewFlow=POLICY), 201)
    assert made["name"]


def test_an_unknown_form(place: Marketplace, manager: Caller) -> None:
    worded(manager.call("POST", PATH, place.body(requestFormId=ABSENT)), 400, 404)


def test_an_id_that_was_made(place: Marketplace) -> None:
    made = [place.product()["id"] for _ in range(3)]
    assert len(set(made)) == 3
    assert all(len(id) == 36 or CUID.match(id) for id in made)


def test_unknown_keys_are_ignored(place: Marketplace, manager: Caller) -> None:
    extra = {"colour": "red", "suspended": True, "createdBy": ABSENT, "stats": {}, "status": "APPROVED", "sort": []}
    made = manager.ok("POST", PATH, place.body(**extra), 201)
    check_product(made)
    assert (made["suspended"], made["createdBy"], made["status"]) == (False, manager.id, "PUBLISHER")


def test_sources_at_birth(place: Marketplace, manager: Caller, other: Caller) -> None:
    made = place.product(dataSources=place.attached(*place.sources[:3]))
    assert made["stats"]["dataSourceCount"] == 3
    assert made["sourceTypes"] == sorted(set(made["sourceTypes"]))
    every = other.get(path_of(made, "datasources", "all"))["dataSources"]
    assert {one["sourceId"] for one in every} == set(place.sources[:3])


def test_sources_of_another_domain(place: Marketplace, manager: Caller) -> None:
    worded(manager.call("POST", PATH, place.body(domains=["sales"], dataSources=place.attached())), 400)


def test_a_name_is_taken_once(place: Marketplace, manager: Caller) -> None:
    name = place.product()["name"]
    for same in (name, f" {name}", f"{name} ", f"\t{name}\n"):
        worded(manager.call("POST", PATH, place.body(name=same)), 409)


def test_another_case_is_another_name(place: Marketplace, manager: Caller) -> None:
    name = place.product()["name"]
    assert manager.ok("POST", PATH, place.body(name=name.upper()), 201)["name"] == name.upper()


def test_a_refused_product_leaves_its_name_free(place: Marketplace, manager: Caller, other: Caller) -> None:
    body = place.body()
    worded(manager.call("POST", PATH, body | {"dataSources": [{"sourceId": "nowhere"}]}), 400)
    worded(other.call("POST", PATH, body), 403)
    assert manager.ok("POST", PATH, body, 201)["name"] == body["name"]


def test_a_deleted_products_name_and_id_are_free(place: Marketplace, manager: Caller) -> None:
    first = place.product(id=str(uuid4()))
    manager.ok("DELETE", path_of(first))
    again = manager.ok("POST", PATH, place.body(name=first["name"]), 201)
    assert again["id"] != first["id"]
