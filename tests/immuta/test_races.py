"""Simultaneous commands: each counts once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

from tests.immuta.conftest import World
from tests.immuta.driver import Answer
from tests.threads import at_once

MANY = 16


def statuses_of(act: Callable[[int], Answer]) -> Counter[int]:
    """The statuses of MANY calls that begin together, each with its number."""
    return Counter(answer.status for answer in at_once(*[partial(act, number) for number in range(MANY)]))


def log(world: World, verb: str) -> int:
    """How many events of this verb wait in the outbox."""
    events = [event for item in world.store.pending(1000) for event in item.events]
    return sum(event["kind"] == "access" and event["verb"] == verb for event in events)


def test_of_many_approvals_one_counts(world: World) -> None:
    request = world.request(world.product())
    (record,) = world.records(request)
    statuses = statuses_of(
        lambda _: world.manager.call("PUT", f"/api/approval-record/{record['id']}", {"status": "APPROVED"})
    )
    assert statuses == {200: 1, 409: MANY - 1}
    assert log(world, "approved") == log(world, "activated") == 1


def test_every_approver_of_a_stage_counts(world: World) -> None:
    approvers = [{"type": "USER", "id": world.id("manager")} for _ in range(MANY)]
    event = {"type": "review", "params": {"stages": [{"all": approvers}]}}
    request = world.request(world.product(dataAccessPolicy={"rules": [], "defaultEvent": event}))
    records = world.records(request)
    paths = [f"/api/approval-record/{record['id']}" for record in records]
    statuses = statuses_of(lambda number: world.manager.call("PUT", paths[number], {"status": "APPROVED"}))
    assert statuses == {200: MANY}
    assert world.shown(request)["status"] == "APPROVED"
    assert log(world, "approved") == 1


def test_of_many_requests_one_stands(world: World) -> None:
    product = world.product()
    path, body = f"/api/data-product/{product['id']}/request", {"user": world.id("reader")}
    assert statuses_of(lambda _: world.reader.call("POST", path, body)) == {201: 1, 409: MANY - 1}
    assert world.reader.get(path)["meta"]["totalCount"] == 1


def test_of_many_products_of_one_name_one_is_made(world: World) -> None:
    statuses = statuses_of(lambda _: world.manager.call("POST", "/api/data-product", world.body(name="Only one")))
    assert statuses == {201: 1, 409: MANY - 1}
    assert len(world.reader.get("/api/data-product")["data"]) == 1


def test_revoke_and_cancel_happen_once(world: World) -> None:
    product = world.product()
    approved = world.request(product)
    world.determine(approved)
    path = f"/api/data-product/{product['id']}/request/{approved['id']}"
    assert statuses_of(lambda _: world.manager.call("DELETE", path)) == {204: 1, 409: MANY - 1}
    pending = world.request(product)
    path = f"/api/access-request/{pending['id']}"
    assert statuses_of(lambda _: world.reader.call("DELETE", path)) == {204: 1, 409: MANY - 1}
    assert log(world, "deactivated") == 1
