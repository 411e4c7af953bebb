"""The state machine: every action in every state, for both types (contract section 5)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.immuta.door import Caller, Marketplace, path_of, record_path, request_path, worded
from tests.wire.raw import Doc

STATES = ["PENDING", "APPROVED", "DENIED", "CANCELED", "REVOKED", "EXPIRED"]
ACTIONS = ["approve", "deny", "cancel", "revoke"]
ALLOWED = {
    ("PENDING", "approve"): (200, "APPROVED"),
    ("PENDING", "deny"): (200, "DENIED"),
    ("PENDING", "cancel"): (204, "CANCELED"),
    ("APPROVED", "revoke"): (204, "REVOKED"),
}
RECORDS = {
    "PENDING": "PENDING",
    "APPROVED": "APPROVED",
    "DENIED": "DENIED",
    "CANCELED": "CANCELED",
    "REVOKED": "APPROVED",
}


class Story:
    """A request brought into a state, and what may be tried on it."""

    def __init__(self, place: Marketplace, key: Caller, asking: str) -> None:
        self.place, self.key = place, key
        self.manager, self.other = place.caller("MANAGER"), place.caller("OTHER")
        self.product = place.product(dataSources=place.attached())
        self.request: Doc = getattr(place, asking)(self.product, self.other)
        (self.record,) = place.records(self.request)

    def do(self, action: str) -> Any:
        calls = {
            "approve": ("PUT", record_path(self.record), {"status": "APPROVED"}),
            "deny": ("PUT", record_path(self.record), {"status": "DENIED"}),
            "cancel": ("DELETE", request_path(self.request), None),
            "revoke": ("DELETE", path_of(self.product, "request", self.request["id"]), None),
        }
        caller = self.other if action == "cancel" else self.manager
        return caller.call(*calls[action])

    def bring(self, state: str) -> None:
        steps = {
            "PENDING": [],
            "APPROVED": ["approve"],
            "DENIED": ["deny"],
            "CANCELED": ["cancel"],
            "REVOKED": ["approve", "revoke"],
        }
        assert all(self.do(step).status in {200, 204} for step in steps[state])

    def seen(self) -> Doc:
        found: Doc = self.other.get(request_path(self.request))
        return found


@pytest.mark.parametrize("asking", ["request", "masking"])
@pytest.mark.parametrize(("state", "action"), ALLOWED, ids=str)
def test_what_may_happen(place: Marketplace, key: Caller, asking: str, state: str, action: str) -> None:
    story = Story(place, key, asking)
    story.bring(state)
    before = story.seen()
    status, after = ALLOWED[state, action]
    answer = story.do(action)
    assert answer.status == status, answer
    assert bool(answer.body) == (status == 200)
    seen = story.seen()
    assert seen["status"] == after
    assert seen["updatedAt"] >= before["updatedAt"]
    assert {name for name in seen if seen[name] != before[name]} <= {"status", "updatedAt"}
    assert [one["status"] for one in place.records(story.request)] == [RECORDS[after]]


@pytest.mark.parametrize("asking", ["request", "masking"])
@pytest.mark.parametrize(
    ("state", "action"),
    [(state, action) for state in STATES[:5] for action in ACTIONS if (state, action) not in ALLOWED],
    ids=str,
)
def test_what_may_not_happen(place: Marketplace, key: Caller, asking: str, state: str, action: str) -> None:
    story = Story(place, key, asking)
    story.bring(state)
    before, records = story.seen(), place.records(story.request)
    worded(story.do(action), 409)
    assert story.seen() == before
    assert place.records(story.request) == records


@pytest.mark.parametrize("status", ["PENDING", "BLOCKED"])
def test_statuses_that_determine_nothing(place: Marketplace, key: Caller, status: str) -> None:
    story = Story(place, key, "request")
    worded(story.manager.call("PUT", record_path(story.record), {"status": status}), 400, 409)
    assert story.seen()["status"] == "PENDING"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status": None},
        {"status": "approved"},
        {"status": "REVOKED"},
        {"status": "EXPIRED"},
        {"status": 1},
        {"status": ["APPROVED"]},
        {"status": "APPROVED", "reason": 1},
        {"status": "APPROVED", "reason": []},
        {"status": "APPROVED", "duration": 0, "durationUnit": "DAYS"},
        {"status": "APPROVED", "duration": -3, "durationUnit": "DAYS"},
        {"status": "APPROVED", "duration": "3", "durationUnit": "DAYS"},
        {"status": "APPROVED", "duration": True, "durationUnit": "DAYS"},
        {"status": "APPROVED", "duration": [], "durationUnit": "DAYS"},
        {"status": "APPROVED", "duration": 3, "durationUnit": "days"},
        {"status": "APPROVED", "duration": 3, "durationUnit": "DAY"},
        {"status": "APPROVED", "duration": 3, "durationUnit": 1},
        {"status": "APPROVED", "duration": 10**12, "durationUnit": "YEARS"},
        {"status": "APPROVED", "duration": 10**30, "durationUnit": "HOURS"},
        {"status": "APPROVED", "duration": 9000, "durationUnit": "YEARS"},
        {"status": "APPROVED", "colour": "red"},
        {"status": "APPROVED", "id": "x"},
        {"status": "APPROVED", "expiration": "2030-01-01T00:00:00.000Z"},
    ],
    ids=str,
)
def test_bad_determinations(place: Marketplace, key: Caller, body: Doc) -> None:
    story = Story(place, key, "request")
    worded(story.manager.call("PUT", record_path(story.record), body), 400)
    assert story.seen()["status"] == "PENDING"


@pytest.mark.parametrize("asking", ["request", "masking"])
def test_an_automatic_approval(place: Marketplace, manager: Caller, other: Caller, asking: str) -> None:
    product = place.product(requestFormId=place.open_form, dataSources=place.attached())
    request = getattr(place, asking)(product, other)
    assert (request["status"], place.records(request)) == ("APPROVED", [])
    worded(other.call("DELETE", request_path(request)), 409)
    manager.ok("DELETE", path_of(product, "request", request["id"]), status=204)
    assert other.get(request_path(request))["status"] == "REVOKED"
    worded(manager.call("DELETE", path_of(product, "request", request["id"])), 409)


def test_the_request_of_another_product(place: Marketplace, manager: Caller, other: Caller) -> None:
    product, stranger = (place.product(requestFormId=place.open_form) for _ in range(2))
    request = place.request(product, other)
    worded(manager.call("DELETE", path_of(stranger, "request", request["id"])), 404)
    assert other.get(request_path(request))["status"] == "APPROVED"


def test_an_expired_request_is_final(place: Marketplace, key: Caller) -> None:
    story = Story(place, key, "request")
    story.bring("APPROVED")
    agreements = story.key.get("/api/datausageagreements")
    (agreement,) = [one for one in agreements if one["provider"]["dataProductId"] == story.product["id"]]
    agreement["info"] |= {"startDate": "2020-01-01", "endDate": "2020-02-01"}
    story.key.ok("PUT", f"/api/datausageagreements/{agreement['id']}", agreement)
    seen = story.seen()
    assert (seen["status"], "expiration" in seen) == ("EXPIRED", True)
    for action in ACTIONS:
        worded(story.do(action), 409)
    assert story.seen() == seen
    product = story.other.get(path_of(story.product))
    assert (product["status"], product["requestId"]) == ("EXPIRED", story.request["id"])
    assert story.other.get(path_of(story.product, "members"))["data"] == []
    assert len(story.other.get(path_of(story.product, "request"), status="EXPIRED")["data"]) == 1
    assert story.other.get(path_of(story.product, "request"), historical="false")["data"] == []
    assert story.other.get(path_of(story.product, "datasources"))["data"][0]["status"] == "NONE"
    assert place.request(story.product, story.other)["status"] == "PENDING"
