"""Real threads through several doors at once: each change happens once, none overwrites another, one log entry each."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest

from souk.ids import as_uuid
from tests.doors.accesses import World, once, soon
from tests.doors.callers import fresh
from tests.threads import at_once
from tests.wire.raw import Answer, Doc

OUTCOMES = {"approved": "APPROVED", "rejected": "DENIED", "canceled": "CANCELED"}
DECIDED = {name.title() for name in OUTCOMES}
TURNS = range(4)


def exact_of(world: World, product: str) -> str:
    """The id of the one agreement of a product."""
    (agreement,) = world.agreements(product)
    return str(agreement["id"])


def record_of(world: World, request: Doc) -> str:
    """The path of the request's open approval record."""
    records = world.manager.done(200, "GET", f"/api/access-request/{request['id']}/records")["approvalRecords"]
    return f"/api/approval-record/{next(one['id'] for one in records if one['status'] == 'PENDING')}"


@pytest.mark.parametrize("turn", TURNS)
def test_a_request_that_all_doors_decide_at_once_has_one_outcome(world: World, turn: int) -> None:
    product = world.restricted()
    request = world.request(product)
    exact, record = exact_of(world, product), record_of(world, request)
    calls = [
        partial(world.act, world.key, exact, "approve"),
        partial(world.act, world.key, exact, "reject"),
        partial(world.manager.call, "PUT", record, {"status": "APPROVED"}),
        partial(world.owner.call, "PUT", record, {"status": "DENIED"}),
        partial(world.other.call, "DELETE", f"/api/access-request/{request['id']}"),
        partial(world.act, world.owner, exact, "approve"),
    ]
    turned = calls[turn:] + calls[:turn]
    answers = at_once(*turned)
    assert {answer.status for answer in answers} <= {200, 204, 403, 409, 422}, answers
    info, shown = world.agreement(exact)["info"], world.request_of(exact)["status"]
    once(lambda: not DECIDED.isdisjoint(world.told(exact)))
    decided = [name for name in world.told(exact) if name in DECIDED]
    assert [OUTCOMES[name.lower()] for name in decided] == [shown]
    assert info["active"] is (shown == "APPROVED")
    assert bool(world.access_map(product)) is (shown == "APPROVED")
    assert [entry["action"] for entry in world.log(product)] == ["grant"] * (shown == "APPROVED")
    left = world.manager.done(200, "GET", f"/api/access-request/{request['id']}/records")["approvalRecords"]
    assert {one["status"] for one in left} & {"PENDING", "BLOCKED"} == set()


@pytest.mark.parametrize("turn", TURNS)
def test_an_access_that_all_doors_end_at_once_ends_once(world: World, turn: int) -> None:
    product = world.restricted(approves=True)
    request = world.request(product)
    exact = exact_of(world, product)
    calls = [
        partial(world.withdraw, world.owner, product, world.reader),
        partial(world.withdraw, world.other, product, world.reader),
        partial(world.act, world.key, exact, "cancel"),
        partial(world.manager.call, "DELETE", f"{world.request_place(product)}/{request['id']}"),
    ]
    answers = at_once(*calls[turn:], *calls[:turn])
    assert {answer.status for answer in answers} <= {200, 204, 400, 409, 422}, answers
    assert {answer.status for answer in answers} & {200, 204}
    once(lambda: "Deactivated" in world.told(exact))
    assert Counter(world.told(exact)) == Counter(
        ["Created", "Requested", "Approved", "Activated", "Updated", "Canceled", "Deactivated"]
    )
    assert (world.request_of(exact)["status"], world.access_map(product)) == ("REVOKED", {})
    assert [entry["action"] for entry in world.log(product)] == ["delete", "grant"]


def test_grants_requests_and_agreements_at_once_all_stand(world: World) -> None:
    product, today = world.self_service(), datetime.now(UTC).date().isoformat()
    people = [f"{fresh('person')}@nav.no" for _ in range(8)]
    users = world.env["SOUK_USER_IDS"].split(",")
    agreed = [f"{fresh('agreed')}@nav.no" for _ in range(6)]

    def agree(person: str) -> Answer:
        provider = {"dataProductId": product, "outputPortId": port}
        info = {"purpose": "p", "startDate": today}
        document = {"id": fresh("agreement"), "info": info, "provider": provider, "consumer": {"userId": person}}
        return world.put_agreement(world.key, document["id"], document)  # type: ignore[arg-type]

    port = world.key.done(200, "GET", f"/api/dataproducts/{product}")["outputPorts"][0]["id"]
    place = f"/api/data-product/{as_uuid('product', product)}/request"
    answers = at_once(
        *(partial(world.grant, (world.owner, world.other)[n % 2], product, person) for n, person in enumerate(people)),
        *(partial(world.other.call, "POST", place, {"user": user}) for user in users),
        *(partial(agree, person) for person in agreed),
    )
    assert Counter(answer.status for answer in answers) == {204: 8, 201: 8, 200: 6}, answers
    held = world.access_map(product)
    assert {f"user:{person}" for person in people} <= set(held)
    approved = [one["user"]["email"] for one in world.requests(product, "&status=APPROVED")]
    assert set(held) == {f"user:{person}" for person in approved}
    log = Counter((entry["action"], entry["subject"]) for entry in world.log(product))
    assert log == {("grant", person): 1 for person in approved}


def test_an_end_holds_to_the_second_in_every_door(world: World) -> None:
    """Whoever asks at or after the end is told that it is over; whoever was answered before it, that it is not."""
    product = world.self_service()
    end = soon(2)
    assert world.grant(world.other, product, world.reader, end).status == 204
    exact = exact_of(world, product)
    looks: dict[str, Callable[[], bool]] = {
        "map": lambda: bool(world.access_map(product)),
        "active": lambda: bool(world.agreement(exact)["info"]["active"]),
        "approved": lambda: world.request_of(exact)["status"] == "APPROVED",
    }
    seen: list[tuple[str, datetime, datetime, bool]] = []

    def watch(name: str) -> None:
        until = time.monotonic() + 5
        while time.monotonic() < until:
            asked = datetime.now(UTC)
            shown = looks[name]()
            seen.append((name, asked, datetime.now(UTC), shown))

    threads = [threading.Thread(target=watch, args=(name,)) for name in looks for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    late = {name: [shown for who, asked, _, shown in seen if who == name and asked >= end] for name in looks}
    early = {name: [shown for who, _, told, shown in seen if who == name and told < end] for name in looks}
    assert {name: set(shown) for name, shown in late.items()} == {name: {False} for name in looks}
    assert {name: set(shown) for name, shown in early.items()} == {name: {True} for name in looks}


def test_an_extension_before_the_end_holds_against_the_end(world: World) -> None:
    product = world.self_service()
    assert world.grant(world.other, product, world.reader, soon(1)).status == 204
    exact = exact_of(world, product)
    first, later = soon(2), soon(3600)
    assert world.grant(world.other, product, world.reader, later).status == 204
    once(lambda: datetime.now(UTC) > first)
    assert world.agreement(exact)["info"]["active"] is True
    (end,) = world.access_map(product).values()
    assert datetime.fromisoformat(end) == later
    assert [entry["action"] for entry in world.log(product)] == ["grant", "grant"]
    assert "Deactivated" not in world.told(exact)
