"""Many at once over HTTP: one wins, nothing is lost, nothing is torn."""

from __future__ import annotations

from collections import Counter
from uuid import uuid4

import pytest

from tests.threads import at_once
from tests.wire.immuta.door import (
    Caller,
    Marketplace,
    name_path,
    path_of,
    record_path,
    request_path,
    worded,
)
from tests.wire.immuta.people import Issuer
from tests.wire.immuta.test_policies import policy, review, under, users
from tests.wire.raw import Answer, Doc


def statuses(answers: list[Answer]) -> Counter[int]:
    return Counter(answer.status for answer in answers)


def test_one_name_for_one_product(place: Marketplace, manager: Caller) -> None:
    name = f"Raced {uuid4().hex}"
    answers = at_once(*[lambda: manager.call("POST", "/api/data-product", place.body(name=name))] * 12)
    assert statuses(answers) == {201: 1, 409: 11}
    assert len(manager.get("/api/data-product", nameFilter=name)["data"]) == 1
    for answer in sorted(answers, key=lambda answer: answer.status)[1:]:
        worded(answer, 409)


def test_one_id_for_one_product(place: Marketplace, manager: Caller) -> None:
    id = str(uuid4())
    answers = at_once(*[lambda: manager.call("POST", "/api/data-product", place.body(id=id))] * 8)
    assert statuses(answers) == {201: 1, 409: 7}
    (made,) = [answer.json() for answer in answers if answer.status == 201]
    assert manager.get(path_of(made)) == made


@pytest.mark.parametrize("turn", range(6))
def test_one_rename_wins(place: Marketplace, manager: Caller, turn: int) -> None:
    products = [place.product() for _ in range(6)]
    name = f"Wanted {uuid4().hex}"
    answers = at_once(*[lambda one=one: manager.call("PUT", path_of(one), {"name": name}) for one in products])
    assert statuses(answers) == {200: 1, 409: 5}
    assert sum(manager.get(path_of(one))["name"] == name for one in products) == 1
    assert manager.get(name_path(name))["id"] in {one["id"] for one in products}


def test_changes_of_different_fields_all_stay(place: Marketplace, manager: Caller) -> None:
    product = place.product()
    changes: list[Doc] = [
        {"description": "kept"},
        {"suspended": True},
        {"metadata": {"subjectMatterExpert": {"id": manager.id}}},
    ]
    answers = at_once(*[lambda one=one: manager.call("PUT", path_of(product), one) for one in changes])
    assert statuses(answers) == {200: 3}
    seen = manager.get(path_of(product))
    assert [seen[name] for change in changes for name in change] == [
        value for change in changes for value in change.values()
    ]


@pytest.mark.parametrize("asking", ["request", "request/masking-exception"])
def test_one_request_for_one_person(place: Marketplace, other: Caller, asking: str) -> None:
    product = place.product(dataSources=place.attached())
    answers = at_once(*[lambda: other.call("POST", path_of(product, asking), place.masking_body(other.id))] * 10)
    assert statuses(answers) == {201: 1, 409: 9}
    assert other.get(path_of(product, "request"))["meta"]["totalCount"] == 1
    assert other.get(path_of(product))["stats"]["totalRequestCount"] == 1


def test_requests_of_many(place: Marketplace, other: Caller) -> None:
    product = place.product()
    path = path_of(product, "request")
    answers = at_once(*[lambda user=user: other.call("POST", path, {"user": user}) for user in place.users])
    assert statuses(answers) == {201: len(place.users)}
    seen = other.get(path_of(product))["stats"]
    assert (seen["pendingRequestCount"], seen["totalRequestCount"]) == (len(place.users), len(place.users))


@pytest.mark.parametrize("turn", range(4))
def test_approve_deny_and_cancel(place: Marketplace, manager: Caller, other: Caller, turn: int) -> None:
    request = place.request(place.product(), other)
    (record,) = place.records(request)
    calls = {
        "APPROVED": lambda: manager.call("PUT", record_path(record), {"status": "APPROVED"}),
        "DENIED": lambda: manager.call("PUT", record_path(record), {"status": "DENIED"}),
        "CANCELED": lambda: other.call("DELETE", request_path(request)),
    }
    answers = dict(zip(calls, at_once(*calls.values()), strict=True))
    won = [name for name, answer in answers.items() if answer.status in {200, 204}]
    assert sorted(answer.status == 409 for answer in answers.values()) == [False, True, True], answers
    assert [other.get(request_path(request))["status"]] == won
    assert [one["status"] for one in place.records(request)] == won


def test_revoked_once(place: Marketplace, manager: Caller, other: Caller) -> None:
    product = place.product(requestFormId=place.open_form)
    request = place.request(product, other)
    path = path_of(product, "request", request["id"])
    answers = at_once(*[lambda: manager.call("DELETE", path)] * 8)
    assert statuses(answers) == {204: 1, 409: 7}
    assert other.get(request_path(request))["status"] == "REVOKED"
    assert other.get(path_of(product))["stats"]["revokedRequestCount"] == 1


def test_all_approvers_at_once(place: Marketplace, issuer: Issuer, other: Caller) -> None:
    approvers = [issuer.person() for _ in range(5)]
    request = place.request(under(place, policy(review({"all": users(*approvers)}))), other)
    by_id = {record["approvers"][0]["id"]: record for record in place.records(request)}
    calls = [lambda one=one: one.call("PUT", record_path(by_id[one.id]), {"status": "APPROVED"}) for one in approvers]
    assert statuses(at_once(*calls)) == {200: 5}
    assert {one["status"] for one in place.records(request)} == {"APPROVED"}
    assert other.get(request_path(request))["status"] == "APPROVED"


def test_sources_are_replaced_as_a_whole(place: Marketplace, manager: Caller) -> None:
    product = place.product()
    sets = [place.sources[:1], place.sources[1:3], place.sources, []]
    calls = [
        lambda one=one: manager.call(
            "PUT", path_of(product, "datasources"), {"dataSources": [{"sourceId": source} for source in one]}
        )
        for one in sets * 2
    ]
    assert statuses(at_once(*calls)) == {200: 8}
    left = [one["sourceId"] for one in manager.get(path_of(product, "datasources", "all"))["dataSources"]]
    assert sorted(left) in [sorted(one) for one in sets]


def test_deleted_once(place: Marketplace, manager: Caller) -> None:
    product = place.product(dataSources=place.attached())
    answers = at_once(*[lambda: manager.call("DELETE", path_of(product))] * 6)
    assert statuses(answers) == {200: 1, 404: 5}


@pytest.mark.parametrize("turn", range(4))
def test_a_request_and_the_end_of_its_product(place: Marketplace, manager: Caller, other: Caller, turn: int) -> None:
    product = place.product()
    asked, ended = at_once(
        lambda: other.call("POST", path_of(product, "request"), {"user": other.id}),
        lambda: manager.call("DELETE", path_of(product)),
    )
    assert ended.status == 200, ended
    assert asked.status in {201, 404}, asked
    found = other.get("/api/access-request", dataProductId=product["id"], status=["PENDING", "APPROVED"])
    assert found["data"] == []


def test_one_name_for_one_form(place: Marketplace, manager: Caller) -> None:
    name = f"Raced {uuid4().hex}"
    answers = at_once(*[lambda: manager.call("POST", "/api/request-form", place.form_body(name=name))] * 8)
    assert statuses(answers) == {201: 1, 409: 7}


def test_pages_while_products_come(place: Marketplace, manager: Caller, other: Caller) -> None:
    word = f"moving {uuid4().hex}"
    made = {place.product(name=f"{word} {number}")["name"] for number in (2, 4, 6)}
    first = other.get("/api/data-product", nameFilter=word, limit=2)
    for number in (1, 3, 5, 7):
        place.product(name=f"{word} {number}")
    token = first["meta"]["nextToken"]
    second = other.get("/api/data-product", nameFilter=word, limit=100, nextToken=token)
    seen = [one["name"] for one in first["data"] + second["data"]]
    assert made <= set(seen)
    assert seen == sorted(set(seen))
