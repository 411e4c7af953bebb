"""Requests, determinations and their ends over HTTP (contract sections 5 to 7)."""

from __future__ import annotations

from typing import Any

from tests.threads import at_once
from tests.wire.immuta.door import CUID, INSTANT, Caller, Marketplace, check_meta, check_request, check_user, path_of


def test_from_request_to_revocation(place: Marketplace, manager: Caller, other: Caller) -> None:
    product = place.product(dataSources=[{"sourceId": place.sources[0]}])
    form: Any = {"why": "wire", "numbers": [1, 2.5, None]}
    request = place.request(product, other, form=form)
    check_request(request)
    assert (request["status"], request["form"]) == ("PENDING", form)
    other.refused(409, "POST", path_of(product, "request"), {"user": other.id})
    (record,) = place.records(request)
    assert record["status"] == "PENDING"
    other.refused(403, "PUT", f"/api/approval-record/{record['id']}", {"status": "APPROVED"})
    done = place.determine(request, reason="ok", duration=1, durationUnit="WEEKS")
    check_user(done["actionBy"])
    approved = other.get(f"/api/access-request/{request['id']}")
    assert approved["status"] == "APPROVED"
    assert INSTANT.match(approved["expiration"])
    members = other.get(path_of(product, "members"))
    assert members["data"] == [approved]
    check_meta(members["meta"], 0, 10, 1, 1)
    assert other.get(path_of(product))["status"] == "APPROVED"
    assert other.get(path_of(product, "datasources"))["data"][0]["status"] == "SUBSCRIBED"
    other.refused(403, "DELETE", path_of(product, "request", request["id"]))
    manager.ok("DELETE", path_of(product, "request", request["id"]), status=204)
    assert other.get(f"/api/access-request/{request['id']}")["status"] == "REVOKED"
    assert other.get(path_of(product, "members"))["data"] == []


def test_an_open_form_and_requests_for_others(place: Marketplace, other: Caller) -> None:
    product = place.product(requestFormId=place.open_form)
    request = place.request(product, other, place.users[0])
    check_request(request)
    assert request["status"] == "APPROVED"
    assert "expiration" not in request
    assert request["user"]["globalUserId"] == place.users[0]
    assert request["requestingUser"]["globalUserId"] == other.id
    assert place.records(request) == []
    assert other.get(path_of(product, "recent-determinations")) == {"determinations": []}


def test_a_masking_exception(place: Marketplace, other: Caller) -> None:
    source, column = place.column
    product = place.product(dataSources=[{"sourceId": source}])
    columns = [{"columnName": column, "sourceId": source}]
    path = path_of(product, "request", "masking-exception")
    request = other.ok("POST", path, {"user": other.id, "columns": columns}, 201)
    check_request(request)
    assert request["metadata"] == {"columns": columns}
    other.refused(400, "POST", path, {"user": place.users[0], "columns": []})
    other.refused(400, "POST", path, {"user": place.users[0], "columns": [{"columnName": "x", "sourceId": "y"}]})
    named = other.get(f"/api/access-request/{request['id']}/masking-exception-columns")
    assert [(one["name"], one["sourceId"]) for one in named["data"]] == [(column, source)]
    place.determine(request)
    query = {"userId": other.id}
    assert columns[0] in other.get("/api/access-request/approved-masking-exception-columns", **query)


def test_lists_and_filters(place: Marketplace, other: Caller) -> None:
    product = place.product()
    requests = [place.request(product, other, user) for user in place.users[:5]]
    place.determine(requests[0], "DENIED")
    place.determine(requests[1])
    page = other.get(path_of(product, "request"), offset=2, limit=2)
    check_meta(page["meta"], 2, 2, 5, 2)
    assert [one["id"] for one in page["data"]] == [requests[2]["id"], requests[1]["id"]]
    denied = other.get(path_of(product, "request"), **{"status[]": ["DENIED", "REVOKED"]})
    assert [one["id"] for one in denied["data"]] == [requests[0]["id"]]
    both = other.get(path_of(product, "request"), userIds=place.users[2:4])
    assert {one["id"] for one in both["data"]} == {requests[2]["id"], requests[3]["id"]}
    live = other.get(path_of(product, "request"), historical="false")
    assert live["meta"]["totalCount"] == 4
    stats = other.get(path_of(product))["stats"]
    assert (stats["pendingRequestCount"], stats["approvedRequestCount"], stats["deniedRequestCount"]) == (3, 1, 1)
    other.refused(400, "GET", path_of(product, "request"), limit=0)
    other.refused(400, "GET", path_of(product, "request"), sortBy="name")
    determined = other.get(path_of(product, "recent-determinations"))["determinations"]
    assert [one["status"] for one in determined] == ["APPROVED", "DENIED"]
    assert all(CUID.match(one["id"]) for one in determined)


def test_sixteen_approvals_of_one_record(place: Marketplace, manager: Caller, other: Caller) -> None:
    request = place.request(place.product(), other)
    (record,) = place.records(request)
    path = f"/api/approval-record/{record['id']}"
    answers = at_once(*[lambda: manager.call("PUT", path, {"status": "APPROVED"})] * 16)
    assert sorted(answer.status for answer in answers) == [200] + [409] * 15


def test_cancelling(place: Marketplace, manager: Caller, owner: Caller, other: Caller) -> None:
    product = place.product()
    request = place.request(product, other)
    path = f"/api/access-request/{request['id']}"
    owner.refused(403, "DELETE", path)
    manager.refused(409, "DELETE", path_of(product, "request", request["id"]))
    other.ok("DELETE", path, status=204)
    other.refused(409, "DELETE", path)
    assert [one["status"] for one in place.records(request)] == ["CANCELED"]
    assert place.request(product, other)["id"] != request["id"]


def test_forms_of_a_product(place: Marketplace, other: Caller) -> None:
    forms = other.get(path_of(place.product(), "request-forms"))
    assert [form["requestType"] for form in forms] == ["DATA_ACCESS", "MASKING_EXCEPTION"]
    for form in forms:
        assert (form["id"], form["fields"], form["dataUseAgreements"]) == (place.form, [], [])
        assert CUID.match(form["version"])
        assert form["policy"]["defaultEvent"]["type"] == "review"
    assert other.get("/api/auth/user")["globalUserId"] == other.id
