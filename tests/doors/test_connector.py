"""A connector that knows the feed and the agreements alone provisions access that came in by any door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.doors.accesses import World, once, soon
from tests.doors.callers import fresh
from tests.doors.conftest import Doors
from tests.doors.connector import Connector

Made = tuple[str, Callable[[], object]]
"""The product, and what ends the access to it."""


def by_agreement(world: World, doors: Doors) -> Made:
    product, exact = world.restricted(approves=True), fresh("agreement")
    info = {"purpose": "Forecast", "startDate": datetime.now(UTC).date().isoformat()}
    document = {"id": exact, "info": info, "provider": {"dataProductId": product, "outputPortId": "out"}}
    world.put_agreement(world.key, exact, document | {"consumer": {"userId": world.reader}})
    return product, lambda: world.act(world.key, exact, "cancel")


def by_request(world: World, doors: Doors) -> Made:
    product = world.restricted()
    request = world.request(product)
    world.determine(world.manager, request, "APPROVED", duration=1, durationUnit="HOURS")
    return product, lambda: world.manager.call("DELETE", f"{world.request_place(product)}/{request['id']}")


def by_grant(world: World, doors: Doors) -> Made:
    product = world.self_service()
    end = (datetime.now(UTC) + timedelta(hours=5)).replace(microsecond=0)
    world.grant(world.other, product, world.reader, end)
    return product, lambda: world.withdraw(world.owner, product, world.reader)


def by_order(world: World, doors: Doors) -> Made:
    product, _ = doors["dpx"].make()
    release = doors["dpx"].document(product)
    assert release is not None
    order = world.order(world.other, release)
    world.manager.call("PATCH", f"/v2/asset_lists/{order['id']}", [ready()])
    return product, lambda: world.withdraw(world.manager, product, world.reader)


def ready() -> dict[str, Any]:
    return {"op": "replace", "path": "/state", "value": "ready_to_deliver"}


@pytest.mark.parametrize("way", [by_agreement, by_request, by_grant, by_order], ids=lambda way: way.__name__[3:])
def test_it_provisions_and_takes_away_what_any_door_brought_in(
    world: World, doors: Doors, way: Callable[[World, Doors], Made]
) -> None:
    connector = Connector(world.key)
    product, end = way(world, doors)
    (agreement,) = world.agreements(product)
    exact, held, request = agreement["id"], world.access_map(product), world.request_of(agreement["id"])
    assert list(held) == [f"user:{world.reader}"]
    once(lambda: exact in connector.poll())
    assert connector.granted[exact] == (world.reader, product)
    assert connector.written >= 1
    # Writing back moved no instant, in no door, and told nobody that anything began or ended.
    assert world.access_map(product) == held
    assert {**world.request_of(exact), "updatedAt": ""} == {**request, "updatedAt": ""}
    written = world.agreement(exact)
    assert written["tags"] == ["aws-integration", "aws-integration-active"]
    assert {**written, "tags": [], "custom": {}} == {**agreement, "tags": [], "custom": {}}
    end()
    once(lambda: exact not in connector.poll())
    assert world.access_map(product) == {}
    assert world.request_of(exact)["status"] == "REVOKED"
    once(lambda: world.told(exact).count("Updated") >= 3)
    assert [world.told(exact).count(name) for name in ("Activated", "Deactivated")] == [1, 1]


def test_what_it_writes_back_late_revives_nothing(world: World) -> None:
    product, end = world.self_service(), soon(1)
    world.grant(world.other, product, world.reader, end)
    (agreement,) = world.agreements(product)
    once(lambda: not world.access_map(product))
    assert world.put_agreement(world.key, agreement["id"], agreement | {"tags": ["late"]}).status == 200
    assert world.agreement(agreement["id"])["info"]["active"] is False
    assert world.request_of(agreement["id"])["status"] == "EXPIRED"
    assert world.access_map(product) == {}
    once(lambda: "Deactivated" in world.told(agreement["id"]))
    assert world.told(agreement["id"]).count("Activated") == 1
