"""An order rests on an access: any door may decide it, and all see it."""

from __future__ import annotations

from souk.ids import as_uuid
from tests.doors.accesses import FOR_EVER, World, once, seen_everywhere
from tests.doors.callers import Doc
from tests.doors.conftest import Doors
from tests.doors.published import Dpx


def restricted_release(doors: Doors) -> Doc:
    """A published product that asks for approval."""
    hub = doors["dpx"]
    assert isinstance(hub, Dpx)
    draft = hub.draft()
    place = f"/data_product_exchange/v1/data_products/{draft['data_product']['id']}/drafts/{draft['id']}"
    hub.caller.done(200, "PATCH", place, [{"op": "replace", "path": "/is_restricted", "value": True}])
    release = hub.publish(draft)
    assert release["is_restricted"] is True
    return release


def order_at(world: World, order: Doc) -> Doc:
    found: Doc = world.other.done(200, "GET", f"/v2/asset_lists/{order['id']}")
    return found


def test_an_order_is_approved_by_an_approval_record_and_delivered(world: World, doors: Doors) -> None:
    release = restricted_release(doors)
    product = release["data_product"]["id"]
    order = world.order(world.other, release)
    assert order["state"] == "received"
    (request,) = world.requests(product)
    (agreement,) = world.agreements(product)
    assert (request["status"], request["user"]["email"]) == ("PENDING", world.reader)
    assert agreement["info"] | {"status": "requested", "active": False, "purpose": order["name"]} == agreement["info"]
    assert world.determine(world.manager, request, "APPROVED").status == 200
    once(lambda: order_at(world, order)["state"] == "succeeded")
    everywhere = seen_everywhere(world, agreement["id"], product)
    assert everywhere == ("approved", True, "APPROVED", {f"user:{world.reader}": FOR_EVER})
    (item,) = world.other.done(200, "GET", f"/v2/asset_lists/{order['id']}/items")["items"]
    assert item["properties"]["data_product_delivery_state"] == "delivered"
    (output,) = item["properties"]["assets_out"]
    opened = world.other.done(200, "GET", f"/v2/assets/{output['asset_id']}?catalog_id={output['catalog_id']}")
    assert "https://example.com/board" in str(opened)


def test_an_order_that_another_door_rejects_is_rejected(world: World, doors: Doors) -> None:
    release = restricted_release(doors)
    order = world.order(world.other, release)
    (agreement,) = world.agreements(release["data_product"]["id"])
    assert world.act(world.key, agreement["id"], "reject").status == 200
    once(lambda: order_at(world, order)["state"] == "rejected")


def test_an_order_of_another_doors_product_waits_for_its_owner(world: World) -> None:
    product = world.restricted()
    shown = as_uuid("product", product)
    release = world.other.done(200, "GET", f"/data_product_exchange/v1/data_products/{shown}")["latest_release"]
    assert (release["state"], release["is_restricted"]) == ("available", True)
    order = world.order(world.other, release)
    (agreement,) = world.agreements(product)
    assert world.act(world.owner, agreement["id"], "approve").status == 200
    once(lambda: order_at(world, order)["state"] != "received")
    assert world.access_map(product) == {f"user:{world.reader}": FOR_EVER}


def test_revoking_in_another_door_ends_the_order_too(world: World, doors: Doors) -> None:
    release = restricted_release(doors)
    product = release["data_product"]["id"]
    order = world.order(world.other, release)
    (agreement,) = world.agreements(product)
    assert world.act(world.key, agreement["id"], "approve").status == 200
    once(lambda: order_at(world, order)["state"] == "succeeded")
    assert world.withdraw(world.manager, product, world.reader).status == 204
    once(lambda: order_at(world, order)["state"] == "revoked")
    assert seen_everywhere(world, agreement["id"], product) == ("approved", False, "REVOKED", {})
