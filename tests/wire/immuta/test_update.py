"""updateDataProduct and deleteDataProduct, field by field (contract section 3)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.wire.immuta.door import (
    Caller,
    Marketplace,
    check_product,
    name_path,
    path_of,
    record_path,
    request_path,
    worded,
)
from tests.wire.immuta.fields import BAD, EXPERT, GOOD, NO_POLICIES, plain
from tests.wire.immuta.operations import ABSENT, ABSENT_CUID
from tests.wire.raw import Doc

FULL = {"description": "First", "metadata": EXPERT}


def without(product: Doc, *names: str) -> Doc:
    return {name: value for name, value in product.items() if name not in {"updatedAt", *names}}


@pytest.fixture(scope="module")
def kept(place: Marketplace) -> Doc:
    """A product that every change refused here leaves as it is."""
    return place.product(**FULL)


@pytest.mark.parametrize(
    ("field", "value"), [*BAD, ("suspended", 1), ("suspended", "true"), ("suspended", [])], ids=repr
)
def test_bad_fields(manager: Caller, kept: Doc, field: str, value: Any) -> None:
    worded(manager.call("PUT", path_of(kept), {field: value}), 400)
    assert manager.get(path_of(kept)) == kept


@pytest.mark.parametrize(("field", "policy"), NO_POLICIES, ids=range(len(NO_POLICIES)))
def test_bad_policies(manager: Caller, kept: Doc, field: str, policy: Any) -> None:
    worded(manager.call("PUT", path_of(kept), {field: policy}), 400)


@pytest.mark.parametrize("id", [ABSENT, ABSENT_CUID])
def test_another_id(manager: Caller, kept: Doc, id: str) -> None:
    worded(manager.call("PUT", path_of(kept), {"id": id, "description": "no"}), 400)
    assert manager.get(path_of(kept)) == kept


@pytest.mark.parametrize(
    ("field", "value"), [*GOOD, ("suspended", True), ("suspended", False), ("domains", ["sales"])], ids=str
)
def test_one_field_changes_alone(place: Marketplace, manager: Caller, field: str, value: Any) -> None:
    before = place.product(**FULL)
    after = manager.ok("PUT", path_of(before), {field: value})
    check_product(after)
    assert plain(after[field]) == value
    assert without(after, field) == without(before, field)
    assert after["updatedAt"] >= before["updatedAt"]
    assert manager.get(path_of(before)) == after


@pytest.mark.parametrize("body", [{}, {"colour": "red"}, {"dataSources": []}, {"createdBy": ABSENT}], ids=str)
def test_nothing_given_nothing_changes(place: Marketplace, manager: Caller, body: Doc) -> None:
    before = place.product(**FULL, dataSources=place.attached())
    assert without(manager.ok("PUT", path_of(before), body)) == without(before)


def test_null_clears(place: Marketplace, manager: Caller) -> None:
    before = place.product(**FULL)
    after = manager.ok("PUT", path_of(before), {"description": None, "metadata": None})
    assert (after.get("description"), after["metadata"]) == (None, None)
    assert manager.get(path_of(before)) == after


def test_the_products_own_id_and_name(place: Marketplace, manager: Caller) -> None:
    before = place.product()
    after = manager.ok("PUT", path_of(before), {"id": before["id"], "name": before["name"]})
    assert without(after) == without(before)


def test_written_back_as_it_was_read(place: Marketplace, manager: Caller) -> None:
    before = place.product(**FULL, dataSources=place.attached(*place.sources))
    assert without(manager.ok("PUT", path_of(before), before)) == without(before)


@pytest.mark.parametrize("pattern", ["{}", " {}", "{} "])
def test_the_name_of_another(place: Marketplace, manager: Caller, pattern: str) -> None:
    first, second = place.product(), place.product()
    worded(manager.call("PUT", path_of(second), {"name": pattern.format(first["name"])}), 409)
    assert manager.get(path_of(second)) == second


def test_a_rename_frees_the_old_name(place: Marketplace, manager: Caller) -> None:
    product = place.product()
    name = f"Renamed/{uuid4().hex} (x)"
    assert manager.ok("PUT", path_of(product), {"name": name})["name"] == name
    assert manager.get(name_path(name))["id"] == product["id"]
    manager.refused(404, "GET", name_path(product["name"]))
    assert place.product(name=product["name"])["id"] != product["id"]


def test_an_unknown_form(manager: Caller, kept: Doc) -> None:
    worded(manager.call("PUT", path_of(kept), {"requestFormId": ABSENT}), 400, 404)


def test_domains_that_do_not_hold_its_sources(place: Marketplace, manager: Caller) -> None:
    product = place.product(dataSources=place.attached())
    worded(manager.call("PUT", path_of(product), {"domains": ["sales"]}), 400, 409)
    assert manager.get(path_of(product)) == product


def test_another_form_for_later_requests(place: Marketplace, manager: Caller, other: Caller) -> None:
    product = place.product()
    earlier = place.request(product, other)
    manager.ok("PUT", path_of(product), {"requestFormId": place.open_form})
    assert {form["id"] for form in other.get(path_of(product, "request-forms"))} == {place.open_form}
    assert other.get(request_path(earlier)) == earlier
    later = place.request(product, other, place.users[0])
    assert later["status"] == "APPROVED"
    assert later["formVersion"] != earlier["formVersion"]


def test_a_request_shows_what_was_submitted(place: Marketplace, manager: Caller, other: Caller) -> None:
    product = place.product(description="Then")
    request = place.request(product, other)
    manager.ok("PUT", path_of(product), {"name": f"Later {uuid4().hex}", "description": "Later"})
    assert other.get(request_path(request)) == request


def test_suspended_access(place: Marketplace, manager: Caller, other: Caller) -> None:
    product = place.product(requestFormId=place.open_form, dataSources=place.attached())
    place.request(product, other)
    manager.ok("PUT", path_of(product), {"suspended": True})
    assert other.get(path_of(product))["suspended"] is True
    assert other.get(path_of(product, "datasources"))["data"][0]["status"] != "SUBSCRIBED"
    manager.ok("PUT", path_of(product), {"suspended": False})
    assert other.get(path_of(product, "datasources"))["data"][0]["status"] == "SUBSCRIBED"


@pytest.mark.parametrize(
    ("method", "steps"),
    [
        ("GET", ()),
        ("DELETE", ()),
        ("GET", ("datasources",)),
        ("GET", ("datasources", "all")),
        ("GET", ("request",)),
        ("GET", ("members",)),
        ("GET", ("recent-determinations",)),
        ("GET", ("request-forms",)),
        ("GET", ("columns",)),
    ],
    ids=str,
)
def test_after_a_delete_nothing_is_there(
    place: Marketplace, manager: Caller, method: str, steps: tuple[str, ...]
) -> None:
    product = place.product(dataSources=place.attached())
    answer = manager.call("DELETE", path_of(product))
    assert (answer.status, answer.body) == (200, b"")
    worded(manager.call(method, path_of(product, *steps)), 404)


def test_a_delete_takes_it_from_search_and_names(place: Marketplace, manager: Caller, other: Caller) -> None:
    product = place.product()
    manager.ok("DELETE", path_of(product))
    assert other.get("/api/data-product", nameFilter=product["name"])["data"] == []
    other.refused(404, "GET", name_path(product["name"]))


def test_a_delete_ends_what_was_asked_and_given(place: Marketplace, manager: Caller, other: Caller) -> None:
    product = place.product(dataSources=place.attached())
    waiting, given = place.request(product, other), place.request(product, other, place.users[0])
    place.determine(given)
    (record,) = place.records(waiting)
    manager.ok("DELETE", path_of(product))
    worded(manager.call("PUT", record_path(record), {"status": "APPROVED"}), 404, 409)
    found = other.get("/api/access-request", dataProductId=product["id"], status=["PENDING", "APPROVED"])
    assert found["data"] == []
    worded(other.call("POST", path_of(product, "request"), {"user": other.id}), 404)
