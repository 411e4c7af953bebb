"""Access requests: shape, lists, filters, ends (contract section 5)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from souk import clock
from tests.immuta.conftest import World
from tests.immuta.driver import Doc

CUID = re.compile(r"c[a-z0-9]{24}\Z")
SOURCES = [{"sourceId": "orders"}, {"sourceId": "customers"}]
EMAIL = {"columnName": "email", "sourceId": "orders"}


def user(world: World, name: str, shown: str) -> Doc:
    return {"globalUserId": world.id(name), "username": f"{name}@nav.no", "email": f"{name}@nav.no", "name": shown}


def test_a_request_is_hydrated(world: World) -> None:
    product = world.product(description="What was sold")
    form: Any = {"why": ["a", 1, None], "deep": {"x": 1.50}}
    request = world.request(product, by=world.other, form=form)
    assert CUID.match(request["id"])
    assert CUID.match(request["formVersion"])
    assert user(world, "reader", "Rita Reader").items() <= request["user"].items()
    assert user(world, "other", "Other").items() <= request["requestingUser"].items()
    assert isinstance(request["user"]["id"], int)
    assert request["user"]["authorizations"] == {}
    assert request["form"] == form
    assert (request["type"], request["status"]) == ("DATA_ACCESS", "PENDING")
    assert request["dataProduct"] == {
        "id": product["id"], "name": product["name"], "description": "What was sold"
    }  # fmt: skip
    assert {"expiration", "asset", "metadata"}.isdisjoint(request)
    assert world.reader.get(f"/api/access-request/{request['id']}") == request


def test_a_request_stays_as_it_was_made(world: World) -> None:
    product = world.product(description="old")
    request = world.request(product)
    world.manager.ok("PUT", f"/api/data-product/{product['id']}", {"name": "Renamed", "description": "new"})
    changed = {"name": "Manual two"}
    world.manager.ok("PUT", f"/api/request-form/{world.form}", changed, 201)
    assert world.shown(request)["dataProduct"] == request["dataProduct"]
    assert world.shown(request)["formVersion"] == request["formVersion"]
    was = world.reader.get(f"/api/request-form/version/{request['formVersion']}")
    assert was["name"] == "Manual"
    assert world.request(product, user="other")["formVersion"] != request["formVersion"]


@pytest.mark.parametrize("body", [{}, {"user": "x"}, {"user": None}, {"user": "7d0c5a7e-2f4b-4a86-9c3d-5e7f9a1b2c3d"}])
def test_a_request_needs_a_known_user(world: World, body: Any) -> None:
    product = world.product()
    assert world.reader.refused("POST", f"/api/data-product/{product['id']}/request", body) == 400


def test_one_request_stands_at_a_time(world: World) -> None:
    product = world.product()
    path, body = f"/api/data-product/{product['id']}/request", {"user": world.id("reader")}
    request = world.request(product)
    assert world.reader.refused("POST", path, body) == 409
    assert world.other.refused("POST", path, body) == 409
    world.determine(request)
    assert world.reader.refused("POST", path, body) == 409
    world.manager.ok("DELETE", f"{path}/{request['id']}", status=204)
    again = world.request(product)
    assert again["id"] != request["id"]
    world.reader.ok("DELETE", f"/api/access-request/{again['id']}", status=204)
    assert world.shown(again)["status"] == "CANCELED"
    assert [one["status"] for one in world.records(again)] == ["CANCELED"]
    world.determine(world.request(product), "DENIED", reason="No")
    assert world.request(product)["status"] == "PENDING"


def test_a_masking_exception_is_a_request_of_its_own(world: World) -> None:
    product = world.product(dataSources=SOURCES)
    world.request(product)
    path = f"/api/data-product/{product['id']}/request/masking-exception"
    body = {"user": world.id("reader"), "columns": [EMAIL]}
    request = world.reader.ok("POST", path, body, 201)
    assert (request["type"], request["metadata"]) == ("MASKING_EXCEPTION", {"columns": [EMAIL]})
    assert world.reader.refused("POST", path, body) == 409
    named = world.reader.get(f"/api/access-request/{request['id']}/masking-exception-columns")
    assert [(one["name"], one["sourceId"]) for one in named["data"]] == [("email", "orders")]
    approved = f"/api/access-request/approved-masking-exception-columns?userId={world.id('reader')}"
    assert world.reader.get(approved) == []
    world.determine(request)
    assert world.reader.get(approved) == [EMAIL]
    assert world.reader.get(f"/api/data-product/{product['id']}")["status"] == "PENDING"
    for query, kinds in [("", 2), ("?type=MASKING_EXCEPTION", 1), ("?type=DATA_ACCESS", 1)]:
        assert world.reader.get(f"/api/data-product/{product['id']}/request{query}")["meta"]["totalCount"] == kinds


@pytest.mark.parametrize(
    "columns", [None, [], [{"columnName": "email"}], [{"columnName": "email", "sourceId": "visits"}], "email"]
)
def test_what_a_masking_exception_refuses(world: World, columns: Any) -> None:
    product = world.product(dataSources=SOURCES)
    body = {"user": world.id("reader"), "columns": columns}
    assert world.reader.refused("POST", f"/api/data-product/{product['id']}/request/masking-exception", body) == 400


def test_lists_are_filtered_and_sorted(world: World) -> None:
    product = world.product()
    path = f"/api/data-product/{product['id']}"
    denied = world.request(product)
    world.determine(denied, "DENIED")
    ending = world.request(product)
    world.determine(ending, duration=1, durationUnit="YEARS")
    pending = world.request(product, user="other")

    def listed(query: str = "", what: str = "request") -> list[str]:
        return [one["id"] for one in world.reader.get(f"{path}/{what}?{query}")["data"]]

    newest_first = [pending["id"], ending["id"], denied["id"]]
    assert listed() == newest_first
    assert listed("sortOrder=asc") == newest_first[::-1]
    assert listed("sortBy=updatedAt") == [pending["id"], ending["id"], denied["id"]]
    assert listed("sortBy=status&sortOrder=asc&limit=1") == [ending["id"]]
    assert listed("sortBy=expiration")[0] == ending["id"]
    assert len(listed("sortBy=dataProduct")) == 3
    assert listed("offset=1&limit=1") == [ending["id"]]
    assert listed("status=PENDING&status=DENIED") == [pending["id"], denied["id"]]
    assert listed("status[]=REVOKED") == listed("status=PUBLISHER") == []
    assert listed(f"userIds={world.id('other')}") == [pending["id"]]
    assert listed(f"userIds={world.id('keeper')}") == []
    assert listed("expiration=true") == [ending["id"]]
    assert listed("expiration=false") == [pending["id"], denied["id"]]
    assert listed("historical=false") == [pending["id"], ending["id"]]
    assert listed("historical=true&includeTemporary=true") == newest_first
    assert listed("searchText=odd+OTHER") == listed("searchText=other@") == [pending["id"]]
    assert listed(f"searchText={product['name'][-8:]}") == newest_first
    assert listed(f"dataProductId={product['id']}") == newest_first
    assert listed(f"dataProductId={world.id('reader')}") == []
    assert listed("reviewStatus=reviewedByYou") == []
    assert listed("assetType=TABLE") == listed(f"assetId={world.id('reader')}") == []
    assert listed(what="members") == [ending["id"]]
    assert listed("status=PENDING", "members") == []
    awaiting = world.manager.get(f"{path}/request?reviewStatus=awaitingReviewFromYou")["data"]
    assert [one["id"] for one in awaiting] == [pending["id"]]
    reviewed = world.manager.get(f"{path}/request?reviewStatus=reviewedByYou")["data"]
    assert {one["id"] for one in reviewed} == {ending["id"], denied["id"]}


@pytest.mark.parametrize(
    "query",
    ["limit=0", "offset=-1", "limit=x", "sortBy=name", "sortOrder=UP", "status=GOOD", "type=X", "historical=yes"],
)
def test_bad_parameters_of_requests(world: World, query: str) -> None:
    product = world.product()
    for path in ("request", "members"):
        assert world.reader.refused("GET", f"/api/data-product/{product['id']}/{path}?{query}") == 400


def test_a_page_may_be_large(world: World) -> None:
    product = world.product()
    world.request(product)
    found = world.reader.get(f"/api/data-product/{product['id']}/request?limit=100000")
    assert found["meta"] == {
        "offset": 0, "limit": 100000, "totalCount": 1, "pageCount": 1, "currentPage": 1, "totalPages": 1
    }  # fmt: skip


def test_a_page_ends_where_an_answer_ends(world: World) -> None:
    product = world.product()
    for name in ("reader", "other", "keeper"):
        world.request(product, user=name, form="x" * 2_500_000)
    path = f"/api/data-product/{product['id']}/request?limit=3"
    first = world.reader.get(path)
    assert (first["meta"]["totalCount"], first["meta"]["pageCount"], len(first["data"])) == (3, 2, 2)
    assert world.reader.get(f"{path}&offset=2")["meta"]["pageCount"] == 1


def test_an_access_that_ended_is_expired_from_that_second_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    product = world.product()
    request = world.request(product)
    world.determine(request, duration=10, durationUnit="HOURS")
    until = world.shown(request)["expiration"]
    later = clock.now() + timedelta(hours=10, seconds=1)
    monkeypatch.setattr("souk.work.clock.now", lambda: later)
    monkeypatch.setattr("souk.identity.tokens.LEEWAY_SECONDS", 50_000)
    ended = world.shown(request)
    assert (ended["status"], ended["updatedAt"], ended["expiration"]) == ("EXPIRED", until, until)
    assert world.reader.get(f"/api/data-product/{product['id']}/members")["data"] == []
    assert world.reader.get(f"/api/data-product/{product['id']}")["status"] == "EXPIRED"
    assert world.reader.get(f"/api/data-product/{product['id']}/request?status=EXPIRED")["meta"]["totalCount"] == 1
    assert world.manager.refused("DELETE", f"/api/data-product/{product['id']}/request/{request['id']}") == 409
    assert world.request(product)["status"] == "PENDING"


def test_what_can_be_revoked(world: World) -> None:
    product, other = world.product(), world.product()
    path = f"/api/data-product/{product['id']}/request"
    request = world.request(product)
    assert world.manager.refused("DELETE", f"{path}/{request['id']}") == 409
    assert world.manager.refused("DELETE", f"{path}/{'c' * 25}") == 404
    assert world.manager.refused("DELETE", f"{path}/nonsense") == 404
    assert world.manager.refused("DELETE", f"/api/data-product/{other['id']}/request/{request['id']}") == 404
    world.determine(request)
    assert world.reader.refused("DELETE", f"{path}/{request['id']}") == 403
    world.keeper.ok("DELETE", f"{path}/{request['id']}", status=204)
    assert world.manager.refused("DELETE", f"{path}/{request['id']}") == 409
    assert world.manager.refused("DELETE", f"/api/access-request/{request['id']}") == 409


def test_recent_determinations_are_the_five_latest_of_people(world: World) -> None:
    product = world.product()
    opened = world.product(requestFormId=world.open_form)
    world.request(opened)
    assert world.reader.get(f"/api/data-product/{opened['id']}/recent-determinations") == {"determinations": []}
    for reason in "abcdef":
        world.determine(world.request(product), "DENIED", reason=reason)
    last = world.request(product)
    world.determine(last, duration=1, reason="yes")
    found = world.reader.get(f"/api/data-product/{product['id']}/recent-determinations")["determinations"]
    assert [one["reason"] for one in found] == ["yes", "f", "e", "d", "c"]
    assert [one["status"] for one in found] == ["APPROVED", *["DENIED"] * 4]
    assert found[0]["id"] == world.records(last)[0]["id"]
    assert found[0]["actionBy"]["globalUserId"] == world.id("manager")
    assert found[0]["user"]["globalUserId"] == found[0]["requestingUser"]["globalUserId"] == world.id("reader")
    assert found[0]["expiration"] == world.shown(last)["expiration"]
    query = "recent-determinations?type=MASKING_EXCEPTION"
    assert world.reader.get(f"/api/data-product/{product['id']}/{query}")["determinations"] == []
    assert world.reader.refused("GET", f"/api/data-product/{product['id']}/recent-determinations?type=x") == 400


def test_all_requests_that_concern_the_caller(world: World) -> None:
    first, second = world.product(), world.product()
    own = world.request(first)
    asked = world.request(second, by=world.reader, user="other")
    foreign = world.request(second, by=world.manager, user="keeper")

    def listed(who: Any, query: str = "") -> set[str]:
        return {one["id"] for one in who.get(f"/api/access-request?{query}")["data"]}

    assert listed(world.reader) == {own["id"], asked["id"]}
    assert listed(world.other) == {asked["id"]}
    assert listed(world.manager) == listed(world.keeper) == {own["id"], asked["id"], foreign["id"]}
    assert listed(world.manager, "role=requestor") == {foreign["id"]}
    assert listed(world.keeper, "role=requestor") == {foreign["id"]}
    assert listed(world.reader, "role=manager&role=steward") == set()
    assert listed(world.keeper, f"dataProductId={first['id']}") == {own["id"]}
    assert world.reader.refused("GET", "/api/access-request?role=king") == 400
    assert world.reader.refused("GET", f"/api/access-request/{'c' * 25}") == 404
    assert world.reader.get(f"/api/access-request/{own['id']}/risk-assessment") == {"approvalRisk": "INDETERMINATE"}
