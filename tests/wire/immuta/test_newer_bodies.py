"""The newer names of forms and policies in create and update, and what requests become of them (contract section 3)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.immuta.door import Caller, Marketplace, path_of, request_path, worded
from tests.wire.immuta.operations import ABSENT
from tests.wire.raw import Doc

PATH = "/api/data-product"
AUTOMATIC = {"rules": [], "defaultEvent": {"type": "approve", "params": {}}}
BY_HAND = {
    "rules": [],
    "defaultEvent": {
        "type": "review",
        "params": {"stages": [{"any": [{"type": "PERMISSION", "permission": "GOVERNANCE"}]}]},
    },
}
NAMES = [("dataAccessPolicy", "dataAccessReviewFlow"), ("maskingExceptionPolicy", "maskingExceptionReviewFlow")]


def forms(caller: Caller, product: Doc) -> dict[str, str]:
    """The forms of a product by type of request."""
    return {form["requestType"]: form["id"] for form in caller.get(path_of(product, "request-forms"))}


def meant(policy: Doc) -> Doc:
    """What a policy says, without its version."""
    return {name: policy[name] for name in ("rules", "defaultEvent")}


def test_an_update_changes_one_form_and_leaves_the_other(place: Marketplace, manager: Caller, other: Caller) -> None:
    product = place.product()
    manager.ok("PUT", path_of(product), {"dataAccessRequestFormId": place.open_form})
    assert forms(other, product) == {"DATA_ACCESS": place.open_form, "MASKING_EXCEPTION": place.form}
    manager.ok("PUT", path_of(product), {"maskingExceptionRequestFormId": place.open_form})
    manager.ok("PUT", path_of(product), {"dataAccessRequestFormId": place.form})
    assert forms(other, product) == {"DATA_ACCESS": place.form, "MASKING_EXCEPTION": place.open_form}


def test_the_former_name_sets_both_forms(place: Marketplace, manager: Caller, other: Caller) -> None:
    product = place.product()
    manager.ok("PUT", path_of(product), {"requestFormId": place.open_form})
    assert forms(other, product) == {"DATA_ACCESS": place.open_form, "MASKING_EXCEPTION": place.open_form}


@pytest.mark.parametrize("field", ["dataAccessRequestFormId", "maskingExceptionRequestFormId"])
def test_an_unknown_form_changes_nothing(place: Marketplace, manager: Caller, other: Caller, field: str) -> None:
    product = place.product()
    worded(manager.call("PUT", path_of(product), {field: ABSENT}), 400, 404)
    worded(manager.call("PUT", path_of(product), {field: 7}), 400)
    assert forms(other, product) == {"DATA_ACCESS": place.form, "MASKING_EXCEPTION": place.form}


@pytest.mark.parametrize("name", ["dataAccessPolicy", "dataAccessReviewFlow"])
def test_a_flow_decides_the_requests_that_follow(place: Marketplace, manager: Caller, other: Caller, name: str) -> None:
    waiting, at_once = place.product(**{name: BY_HAND}), place.product(**{name: AUTOMATIC})
    assert place.request(waiting, other)["status"] == "PENDING"
    assert place.request(at_once, other)["status"] == "APPROVED"
    later = place.product(**{name: BY_HAND})
    manager.ok("PUT", path_of(later), {name: AUTOMATIC})
    assert place.request(later, other)["status"] == "APPROVED"


@pytest.mark.parametrize(("policy", "flow"), NAMES)
def test_flow_and_policy_are_two_names_of_one_thing(
    place: Marketplace, manager: Caller, policy: str, flow: str
) -> None:
    product = place.product(**{flow: BY_HAND})
    assert meant(manager.get(path_of(product))[policy]) == BY_HAND
    manager.ok("PUT", path_of(product), {flow: AUTOMATIC})
    assert meant(manager.get(path_of(product))[policy]) == AUTOMATIC
    manager.ok("PUT", path_of(product), {policy: BY_HAND})
    assert meant(manager.get(path_of(product))[policy]) == BY_HAND


@pytest.mark.parametrize("flow", ["dataAccessReviewFlow", "maskingExceptionReviewFlow"])
def test_a_flow_that_is_none_is_refused(place: Marketplace, manager: Caller, flow: str) -> None:
    product = place.product()
    wrong: list[Any] = ["manual", [], {}, {"rules": []}, {"rules": [], "defaultEvent": {"type": "maybe"}}]
    for value in wrong:
        worded(manager.call("POST", PATH, place.body(**{flow: value})), 400)
        worded(manager.call("PUT", path_of(product), {flow: value}), 400)


def test_nothing_assesses_risks_whatever_became_of_the_request(place: Marketplace, other: Caller) -> None:
    pending = place.request(place.product(dataAccessReviewFlow=BY_HAND), other)
    approved = place.request(place.product(dataAccessReviewFlow=AUTOMATIC), other)
    for request in (pending, approved):
        assert other.get(request_path(request, "risk-assessment")) == {"approvalRisk": "INDETERMINATE"}
