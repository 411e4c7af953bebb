"""A restricted product of another: nobody but its own side gets anybody in, through whatever door."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from souk.ids import as_uuid
from tests.doors.accesses import World, seen_everywhere
from tests.doors.callers import Caller, Doc, fresh
from tests.doors.conftest import Doors
from tests.doors.products import encoded
from tests.doors.published import Dpx
from tests.wire.raw import Answer

MAKERS = ("nndm", "immuta", "dpx")


def victim_of(world: World, doors: Doors, maker: str) -> str:
    """A product that asks for approval and whose owner or governance the other person is not."""
    if maker == "nndm":
        return world.restricted()
    exact, _ = doors[maker].make()
    hub = doors["dpx"]
    assert isinstance(hub, Dpx)
    release = hub.document(as_uuid("product", exact))
    assert release is not None
    patch = [{"op": "replace", "path": "/is_restricted", "value": True}]
    hub.caller.done(200, "PATCH", f"{hub.place(as_uuid('product', exact))}/releases/{release['id']}", patch)
    return exact


def today(days: int = 0) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def nobody_has_access(world: World, product: str) -> bool:
    active = [one for one in world.agreements(product) if one["info"]["active"]]
    approved = [one for one in world.requests(product) if one["status"] == "APPROVED"]
    return not (active or approved or world.access_map(product))


@pytest.mark.parametrize("maker", MAKERS)
def test_nobody_grants_themselves_access_to_anothers_product(world: World, doors: Doors, maker: str) -> None:
    product, me = victim_of(world, doors, maker), world.other
    assert world.grant(me, product, world.reader).status in {400, 401}
    sent = {"purpose": "p", "startDate": today(-1), "status": "approved", "active": True}
    document: Doc = {"id": fresh("mine"), "info": sent, "provider": {"dataProductId": product, "outputPortId": "out"}}
    document["provider"]["outputPortId"] = first_port(world, product)
    document["consumer"] = {"userId": world.reader}
    assert world.put_agreement(me, document["id"], document).status == 200
    assert world.act(me, document["id"], "approve").status == 403
    (request,) = world.requests(product)
    assert world.determine(me, request, "APPROVED").status == 403
    conflict = me.call("POST", world.request_place(product), {"user": world.env["SOUK_OTHER_ID"]})
    assert conflict.status == 409
    assert nobody_has_access(world, product)


@pytest.mark.parametrize("maker", MAKERS)
def test_an_order_gives_nobody_access_by_itself(world: World, doors: Doors, maker: str) -> None:
    product = victim_of(world, doors, maker)
    release = world.other.done(200, "GET", doors["dpx"].place(as_uuid("product", product)))["latest_release"]
    order = world.order(world.other, release)
    for state in ("ready_to_deliver", "succeeded"):
        patch = [{"op": "replace", "path": "/state", "value": state}]
        assert world.other.call("PATCH", f"/v2/asset_lists/{order['id']}", patch).status in {400, 403}
    assert world.other.done(200, "GET", f"/v2/asset_lists/{order['id']}")["state"] == "received"
    assert nobody_has_access(world, product)


def test_no_product_is_opened_by_somebody_who_may_not_write_it(world: World, doors: Doors) -> None:
    product = world.restricted()
    shown = as_uuid("product", product)
    document = doors["nndm"].document(product)
    assert document is not None
    opened = document | {"outputPorts": [document["outputPorts"][0] | {"autoApprove": True}]}
    release = doors["dpx"].document(shown)
    assert release is not None
    taken = document | {"info": document["info"] | {"owner": world.env["SOUK_OTHER_TEAM"]}}
    policy = {"rules": [], "defaultEvent": {"type": "approve", "params": {}}}
    me = world.other
    attempts = [
        me.call("PUT", f"/api/dataproducts/{encoded(product)}", opened),
        me.call("PUT", f"/api/dataproducts/{encoded(product)}", taken),
        me.call("PUT", f"/api/data-product/{shown}", {"dataAccessPolicy": policy}),
        me.call("PUT", f"/api/data-product/{shown}", {"requestFormId": world.env["SOUK_AUTO_FORM_ID"]}),
        me.call("PUT", f"/api/v1/dataproducts/{product}", {"team": world.env["SOUK_OTHER_TEAM"]}),
        me.call(
            "PATCH",
            f"{doors['dpx'].place(shown)}/releases/{release['id']}",
            [{"op": "replace", "path": "/is_restricted", "value": False}],
        ),
    ]
    assert [answer.status for answer in attempts] == [403, 403, 403, 403, 401, 403]
    assert doors["nndm"].document(product) == document


def limited(world: World, end: datetime) -> tuple[str, str]:
    """A product, and an approved access of the other person that ends soon."""
    product = world.restricted()
    assert world.grant(world.owner, product, world.reader, end).status == 204
    return product, world.agreements(product)[0]["id"]


@pytest.mark.parametrize("by", ["key", "other", "owner"])
def test_a_document_that_comes_back_neither_shortens_nor_extends(world: World, by: str) -> None:
    end = (datetime.now(UTC) + timedelta(hours=30)).replace(microsecond=0)
    product, exact = limited(world, end)
    caller: Caller = getattr(world, by)
    before, held = world.agreement(exact), world.access_map(product)
    assert list(held.values()) == [end.isoformat().replace("+00:00", "Z")]
    assert world.put_agreement(caller, exact, before | {"tags": ["provisioned"]}).status == 200
    assert world.access_map(product) == held
    assert world.agreement(exact) == before | {"tags": ["provisioned"]}


def test_the_consumer_moves_no_dates_of_an_approved_access(world: World) -> None:
    product, exact = limited(world, datetime.now(UTC) + timedelta(hours=30))
    before, held = world.agreement(exact), world.access_map(product)
    for dates in ({"endDate": today(400)}, {"endDate": None}, {"startDate": today(-400)}):
        moved = before | {"info": before["info"] | dates}
        assert world.put_agreement(world.other, exact, moved).status == 403
    assert world.grant(world.other, product, world.reader).status == 401
    assert (world.agreement(exact), world.access_map(product)) == (before, held)


@pytest.mark.parametrize("ending", ["nndm", "immuta", "nav"])
def test_what_is_over_comes_back_through_no_door(world: World, ending: str) -> None:
    product = world.restricted()
    request = world.request(product)
    before = world.agreements(product)[0]
    exact = before["id"]
    assert world.act(world.key, exact, "approve").status == 200
    assert end_by(world, ending, product, exact, request).status in {200, 204}
    over = world.agreement(exact)
    assert seen_everywhere(world, exact, product) == ("approved", False, "REVOKED", {})
    later = over["info"] | {"startDate": today(), "endDate": today(90), "status": "approved", "active": True}
    for caller in (world.key, world.manager, world.owner):
        assert world.put_agreement(caller, exact, over | {"info": later}).status == 200
        world.act(caller, exact, "approve")
        assert world.determine(world.manager, request, "APPROVED").status == 409
        assert seen_everywhere(world, exact, product) == ("approved", False, "REVOKED", {})
    again = world.request(product)
    assert again["id"] != request["id"]
    assert nobody_has_access(world, product)


def end_by(world: World, door: str, product: str, exact: str, request: Doc) -> Answer:
    """The end of an access, in the words of a door."""
    if door == "nndm":
        return world.act(world.owner, exact, "cancel")
    if door == "nav":
        return world.withdraw(world.owner, product, world.reader)
    return world.manager.call("DELETE", f"{world.request_place(product)}/{request['id']}")


def test_nobody_turns_anothers_access_to_themselves(world: World) -> None:
    product = world.restricted()
    user = world.env["SOUK_USER_IDS"].split(",")[0]
    request = world.request(product, world.manager, user)
    exact = world.agreements(product)[0]["id"]
    assert world.act(world.key, exact, "approve").status == 200
    standing, held = world.agreement(exact), world.access_map(product)
    turned = standing | {"consumer": {"userId": world.reader}}
    assert world.put_agreement(world.other, exact, turned).status == 403
    assert world.put_agreement(world.other, exact, standing).status == 403
    assert world.other.call("DELETE", f"/api/datausageagreements/{exact}").status == 403
    assert world.other.call("DELETE", f"{world.request_place(product)}/{request['id']}").status == 403
    assert world.withdraw(world.other, product, next(iter(held)).removeprefix("user:")).status == 401
    assert (world.agreement(exact), world.access_map(product)) == (standing, held)


def test_a_request_cannot_be_turned_to_an_open_product_and_back(world: World) -> None:
    product, open_product = world.restricted(), world.restricted(approves=True)
    world.request(product)
    (agreement,) = world.agreements(product)
    exact = agreement["id"]
    elsewhere = agreement | {"provider": {"dataProductId": open_product, "outputPortId": "out"}}
    world.put_agreement(world.other, exact, elsewhere)
    world.put_agreement(world.other, exact, agreement)
    assert nobody_has_access(world, product)


def test_a_key_without_the_scope_decides_nothing_that_is_under_a_policy(world: World, clerk: Caller) -> None:
    body = {"name": fresh("Governed"), "domains": [world.env["SOUK_DOMAIN_ID"]], "metadata": None}
    body |= {"requestFormId": world.env["SOUK_FORM_ID"], "dataSources": []}
    product = world.manager.done(201, "POST", "/api/data-product", body)["id"]
    request = world.request(product)
    (agreement,) = world.agreements(product)
    exact = agreement["id"]
    dated = agreement | {"info": agreement["info"] | {"startDate": today(-1)}}
    assert [world.act(clerk, exact, action).status for action in ("approve", "reject")] == [403, 403]
    assert world.put_agreement(clerk, exact, dated).status == 403
    assert world.determine(clerk, request, "APPROVED").status == 403
    assert seen_everywhere(world, exact, product) == ("requested", False, "PENDING", {})
    assert world.put_agreement(clerk, exact, agreement | {"tags": ["seen"]}).status == 200
    assert world.act(world.key, exact, "approve").status == 200
    (record,) = world.manager.done(200, "GET", f"/api/access-request/{request['id']}/records")["approvalRecords"]
    assert record["status"] == "CANCELED"
    assert world.act(clerk, exact, "cancel").status == 200


def first_port(world: World, product: str) -> str:
    """The id of a product's first port."""
    found = world.key.done(200, "GET", f"/api/dataproducts/{encoded(product)}")
    port: str = found["outputPorts"][0]["id"]
    return port
