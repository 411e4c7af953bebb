"""Approval records, durations, recent determinations, risk (contract sections 5 and 7, ruling R4)."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import pytest

from tests.wire.immuta.door import (
    CUID,
    INSTANT,
    Caller,
    Marketplace,
    check_user,
    path_of,
    request_path,
    worded,
)
from tests.wire.immuta.operations import ABSENT_CUID
from tests.wire.raw import Doc

DAY = 86400
ALWAYS = {"id", "dataAccessRequestId", "approvers", "prerequisites", "status", "createdAt", "updatedAt"}
MAYBE_NULL = {"approverCriteriaMet", "duration", "durationUnit"}
UNITS = [
    ("HOURS", 1, 3600, 3600),
    ("HOURS", 36, 36 * 3600, 36 * 3600),
    ("DAYS", 1, DAY, DAY),
    ("DAYS", 90, 90 * DAY, 90 * DAY),
    ("WEEKS", 2, 14 * DAY, 14 * DAY),
    ("MONTHS", 1, 28 * DAY, 31 * DAY),
    ("MONTHS", 13, 393 * DAY, 398 * DAY),
    ("YEARS", 1, 365 * DAY, 366 * DAY),
    ("YEARS", 10, 3650 * DAY, 3653 * DAY),
]


def check_record(record: Doc, request: Doc) -> None:
    assert ALWAYS | MAYBE_NULL <= record.keys() <= ALWAYS | MAYBE_NULL | {"actionBy", "reason"}
    assert CUID.match(record["id"])
    assert record["dataAccessRequestId"] == request["id"]
    assert isinstance(record["approvers"], list)
    assert isinstance(record["prerequisites"], list)
    assert record["approverCriteriaMet"] is None or isinstance(record["approverCriteriaMet"], list)
    assert record["status"] in {"APPROVED", "BLOCKED", "CANCELED", "DENIED", "PENDING"}
    assert INSTANT.match(record["createdAt"])
    assert INSTANT.match(record["updatedAt"])


def recent(caller: Caller, product: Doc, **query: Any) -> list[Doc]:
    answer = caller.get(path_of(product, "recent-determinations"), **query)
    assert answer.keys() == {"determinations"}
    found: list[Doc] = answer["determinations"]
    return found


def test_a_fresh_record(place: Marketplace, other: Caller) -> None:
    request = place.request(place.product(), other)
    (record,) = place.records(request)
    check_record(record, request)
    assert (record["status"], record["prerequisites"]) == ("PENDING", [])
    assert (record["duration"], record["durationUnit"]) == (None, None)
    assert record["approvers"] == [
        {"type": "PERMISSION", "permission": "GOVERNANCE"},
        {"type": "DOMAIN PERMISSION", "permission": "Manage Data Products"},
    ]
    assert other.get(request_path(request, "records")) == {"approvalRecords": [record]}


@pytest.mark.parametrize("status", ["APPROVED", "DENIED"])
@pytest.mark.parametrize("fields", [{}, {"reason": "Because \N{HOT BEVERAGE}"}, {"reason": "x" * 5000}], ids=len)
def test_a_determined_record(place: Marketplace, manager: Caller, other: Caller, status: str, fields: Doc) -> None:
    request = place.request(place.product(), other)
    done = place.determine(request, status, **fields)
    check_record(done, request)
    check_user(done["actionBy"])
    assert done["actionBy"]["globalUserId"] == manager.id
    assert (done["status"], done.get("reason")) == (status, fields.get("reason"))
    assert place.records(request) == [done]


@pytest.mark.parametrize(("unit", "number", "least", "most"), UNITS)
def test_durations(place: Marketplace, other: Caller, unit: str, number: int, least: int, most: int) -> None:
    request = place.request(place.product(), other)
    done = place.determine(request, duration=number, durationUnit=unit)
    assert (done["duration"], done["durationUnit"]) == (number, unit)
    seen = other.get(request_path(request))
    assert INSTANT.match(seen["expiration"])
    left = datetime.fromisoformat(seen["expiration"]).timestamp() - time.time()
    assert least - 60 <= left <= most + 60


def test_no_duration_no_expiration(place: Marketplace, other: Caller) -> None:
    request = place.request(place.product(), other)
    done = place.determine(request)
    assert (done["duration"], done["durationUnit"]) == (None, None)
    assert "expiration" not in other.get(request_path(request))


def test_nothing_determined_yet(place: Marketplace, other: Caller) -> None:
    product = place.product()
    place.request(product, other)
    assert recent(other, product) == []


def test_the_items(place: Marketplace, manager: Caller, other: Caller) -> None:
    product = place.product()
    requests = [place.request(product, other, user) for user in place.users[:2]]
    place.determine(requests[0], "DENIED", reason="no need")
    place.determine(requests[1], duration=1, durationUnit="DAYS")
    found = recent(other, product)
    assert [one["status"] for one in found] == ["APPROVED", "DENIED"]
    always = {"id", "requestingUser", "user", "actionBy", "status", "createdAt", "updatedAt"}
    for one, request in zip(found, reversed(requests), strict=True):
        assert always <= one.keys() <= always | {"reason", "expiration"}
        for name in ("requestingUser", "user", "actionBy"):
            check_user(one[name])
        assert one["actionBy"]["globalUserId"] == manager.id
        assert one["user"] == request["user"]
        assert one["requestingUser"]["globalUserId"] == other.id
        assert one["id"] in {record["id"] for record in place.records(request)}
        assert INSTANT.match(one["createdAt"])
        assert INSTANT.match(one["updatedAt"])
    assert found[1]["reason"] == "no need"
    assert found[0]["expiration"] == other.get(request_path(requests[1]))["expiration"]


def test_the_five_latest(place: Marketplace, other: Caller) -> None:
    product = place.product()
    requests = [place.request(product, other, user) for user in place.users[:7]]
    order = [3, 0, 6, 1, 5, 2, 4]
    for index in order:
        place.determine(requests[index])
    found = [one["user"]["globalUserId"] for one in recent(other, product)]
    assert found == [place.users[index] for index in reversed(order)][:5]


def test_by_type(place: Marketplace, other: Caller) -> None:
    product = place.product(dataSources=place.attached())
    place.determine(place.request(product, other))
    place.determine(place.masking(product, other), "DENIED")
    assert [one["status"] for one in recent(other, product)] == ["APPROVED"]
    assert [one["status"] for one in recent(other, product, type="DATA_ACCESS")] == ["APPROVED"]
    assert [one["status"] for one in recent(other, product, type="MASKING_EXCEPTION")] == ["DENIED"]


@pytest.mark.parametrize("type", ["data_access", "x", ""])
def test_a_bad_type(other: Caller, still: Doc, type: str) -> None:
    worded(other.call("GET", path_of(still, "recent-determinations"), type=type), 400)


def test_only_what_people_determined(place: Marketplace, manager: Caller, other: Caller) -> None:
    product = place.product(requestFormId=place.open_form)
    place.request(product, other)
    assert recent(other, product) == []
    manager.ok("PUT", path_of(product), {"requestFormId": place.form})
    canceled = place.request(product, other, place.users[0])
    other.ok("DELETE", request_path(canceled), status=204)
    assert recent(other, product) == []


def test_a_revocation_keeps_the_determination(place: Marketplace, manager: Caller, other: Caller) -> None:
    product = place.product()
    request = place.request(product, other)
    place.determine(request)
    (before,) = recent(other, product)
    manager.ok("DELETE", path_of(product, "request", request["id"]), status=204)
    assert [one["id"] for one in recent(other, product)] == [before["id"]]


def test_records_of_an_unknown_request(other: Caller) -> None:
    worded(other.call("GET", f"/api/access-request/{ABSENT_CUID}/records"), 404)


def test_risk(place: Marketplace, other: Caller) -> None:
    request = place.request(place.product(), other)
    risk = other.get(request_path(request, "risk-assessment"))
    assert risk["approvalRisk"] in {"HIGH", "MODERATE", "LOW", "INDETERMINATE", "PENDING"}


def test_masking_exceptions_that_were_approved(place: Marketplace, manager: Caller, other: Caller) -> None:
    path, query = "/api/access-request/approved-masking-exception-columns", {"userId": place.users[5]}
    product = place.product(dataSources=place.attached(place.sources[3]))
    column = {"columnName": "notes", "sourceId": place.sources[3]}
    request = place.masking(product, other, place.users[5], columns=[column])
    assert column not in other.get(path, **query)
    place.determine(request)
    assert column in other.get(path, **query)
    assert column not in other.get(path, userId=place.users[6])
    manager.ok("DELETE", path_of(product, "request", request["id"]), status=204)
    assert column not in other.get(path, **query)


@pytest.mark.parametrize("query", [{}, {"userId": "x"}, {"userId": ""}], ids=str)
def test_whose_exceptions(other: Caller, query: Doc) -> None:
    worded(other.call("GET", "/api/access-request/approved-masking-exception-columns", **query), 400)


def test_columns_of_a_request_for_data(place: Marketplace, other: Caller) -> None:
    request = place.request(place.product(), other)
    page = other.get(request_path(request, "masking-exception-columns"))
    assert (page["data"], page["meta"]["totalCount"]) == ([], 0)
