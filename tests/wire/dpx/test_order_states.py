"""The life of an order: approval, delivery, failure, withdrawal, reports (contract 4.3, section 3.5)."""

from __future__ import annotations

import pytest

from tests.threads import at_once
from tests.wire.dpx.fields import check_asset, check_order
from tests.wire.dpx.hub import LISTS, Hub, eventually, ok, place, refused, some_id
from tests.wire.dpx.ordering import Offer, decide, items_of, reached, says, states_of, subscription, waiting
from tests.wire.raw import Doc


@pytest.fixture(scope="module")
def restricted(hub: Hub) -> Offer:
    """An offer whose orders wait for approval."""
    return Offer(hub, (hub.page(), hub.method("Open URL")), is_restricted=True)


@pytest.fixture(scope="module")
def external(hub: Hub) -> tuple[str, str]:
    """A part that an external system delivers."""
    return hub.page(), hub.method("External")


def empty(hub: Hub) -> str:
    """An asset that says nothing of where its data lies."""
    body = {"metadata": {"name": "Nothing", "asset_type": "data_asset", "rov": {"mode": 0}}, "entity": {}}
    made: str = hub.post(f"/v2/assets?catalog_id={hub.catalog}", body, 201)["asset_id"]
    return made


def test_an_unrestricted_order_is_delivered(hub: Hub, buyer: Hub) -> None:
    offer = Offer(hub, (hub.page("https://example.com/one"), hub.method("Open URL")))
    order = offer.ordered(buyer)
    assert order["state"] == "received"
    done = reached(buyer, order, "succeeded", "failed", "partially_delivered")
    assert (done["state"], done["properties"]["data_product_delivery_state"]) == ("succeeded", "delivered")
    (item,) = items_of(buyer, order)
    (output,) = item["properties"]["assets_out"]
    asset = buyer.get(f"/v2/assets/{output['asset_id']}?catalog_id={output['catalog_id']}")
    check_asset(asset)
    assert asset["entity"]["ibm_url_definition"]["url"] == "https://example.com/one"


def test_an_order_that_fails_in_part(hub: Hub, buyer: Hub) -> None:
    method = hub.method("Open URL")
    order = Offer(hub, (hub.page(), method), (empty(hub), method)).ordered(buyer)
    done = reached(buyer, order, "succeeded", "failed", "partially_delivered")
    assert done["state"] == "partially_delivered"
    assert states_of(buyer, order) == ["delivered", "failed"]
    good, bad = items_of(buyer, order)
    assert (len(good["properties"]["assets_out"]), bad["properties"]["assets_out"]) == (1, [])


def test_an_order_that_fails(hub: Hub, buyer: Hub) -> None:
    order = Offer(hub, (empty(hub), hub.method("Open URL"))).ordered(buyer)
    assert reached(buyer, order, "succeeded", "failed", "partially_delivered")["state"] == "failed"
    assert states_of(buyer, order) == ["failed"]


def test_a_restricted_order_waits(hub: Hub, buyer: Hub, stranger: Hub) -> None:
    order = Offer(hub, (hub.page(), hub.method("Open URL")), is_restricted=True).ordered(buyer)
    assert states_of(buyer, order) == ["received"]
    refused(decide(buyer, order, "ready_to_deliver"), 403)
    refused(decide(stranger, order, "ready_to_deliver"), 404)
    shown = ok(decide(hub, order, "ready_to_deliver", "Fine"))
    check_order(shown)
    assert (shown["state"], shown["message"]) == ("ready_to_deliver", "Fine")
    assert reached(buyer, order, "succeeded", "failed")["message"] == "Fine"
    refused(decide(hub, order, "rejected"), 409)


def test_a_rejected_order(hub: Hub, buyer: Hub) -> None:
    offer = Offer(hub, (hub.page(), hub.method("Open URL")), is_restricted=True)
    order = offer.ordered(buyer)
    shown = ok(decide(hub, order, "rejected", "Not now"))
    assert (shown["state"], shown["message"]) == ("rejected", "Not now")
    assert items_of(buyer, order)[0]["properties"]["assets_out"] == []
    refused(decide(hub, order, "ready_to_deliver"), 409)
    again = offer.ordered(buyer)
    assert again["state"] == "received"


def test_deciding_twice(hub: Hub, buyer: Hub) -> None:
    offer = Offer(hub, (hub.page(), hub.method("Open URL")), is_restricted=True)
    order = offer.ordered(buyer)
    assert [ok(decide(hub, order, "rejected"))["state"] for _ in range(2)] == ["rejected"] * 2


def test_two_decisions_at_once(hub: Hub, buyer: Hub) -> None:
    order = Offer(hub, (hub.page(), hub.method("Open URL")), is_restricted=True).ordered(buyer)
    answers = at_once(lambda: decide(hub, order, "ready_to_deliver"), lambda: decide(hub, order, "rejected"))
    assert sorted(answer.status for answer in answers) == [200, 409]


@pytest.mark.parametrize("state", ["succeeded", "failed", "partially_delivered", "x", "", 1, None])
def test_a_state_that_nobody_decides(hub: Hub, buyer: Hub, restricted: Offer, state: str) -> None:
    order = restricted.ordered(buyer)
    refused(decide(hub, order, state), 400)
    assert buyer.get(f"{LISTS}/{order['id']}") == order
    ok(decide(buyer, order, "canceled"))


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "/id", "value": "x"},
        {"op": "replace", "path": "/type", "value": "basket"},
        {"op": "remove", "path": "/asset"},
        {"op": "replace", "path": "/created_at", "value": "2026-01-01T00:00:00Z"},
        {"op": "replace", "path": "/access_control/owner", "value": "me"},
        {"op": "replace", "path": "/name", "value": ""},
        {"op": "replace", "path": "/name", "value": 1},
        {"op": "replace", "path": "/description", "value": []},
        {"op": "add", "path": "/message", "value": {}},
        {"op": "grow", "path": "/name", "value": "x"},
        {"op": "replace", "path": "/nothing", "value": "x"},
    ],
    ids=lambda one: f"{one['op']} {one['path']} {one.get('value')}",
)
def test_what_an_order_does_not_become(hub: Hub, buyer: Hub, restricted: Offer, operation: Doc) -> None:
    order = restricted.ordered(buyer)
    both = [{"op": "replace", "path": "/state", "value": "rejected"}, operation]
    refused(hub.call("PATCH", f"{LISTS}/{order['id']}", both), 400)
    assert buyer.get(f"{LISTS}/{order['id']}") == order
    ok(decide(buyer, order, "canceled"))


def test_an_order_is_renamed_by_its_owner(buyer: Hub, restricted: Offer) -> None:
    order = restricted.ordered(buyer)
    changes = [{"op": "replace", "path": f"/{name}", "value": f"New {name}"} for name in ("name", "description")]
    shown = buyer.patch(f"{LISTS}/{order['id']}", *changes)
    assert (shown["name"], shown["description"]) == ("New name", "New description")
    assert buyer.get(f"{LISTS}/{order['id']}")["name"] == "New name"


def test_an_external_delivery(hub: Hub, buyer: Hub, external: tuple[str, str]) -> None:
    order = Offer(hub, external).ordered(buyer)
    (item,) = waiting(buyer, order)
    target = subscription(order, item)
    output = {"op": "add", "path": "/output", "value": {"name": "Share", "url": "https://example.com/share"}}
    shown = hub.patch(target, output, says("delivered"))
    assert shown["properties"]["data_product_delivery_state"] == "delivered"
    (out,) = shown["properties"]["assets_out"]
    assert buyer.get(f"/v2/assets/{out['asset_id']}")["entity"]["ibm_url_definition"]["url"] == (
        "https://example.com/share"
    )
    assert reached(buyer, order, "succeeded", "failed")["state"] == "succeeded"
    refused(hub.call("PATCH", target, [says("failed")]), 409)


def test_an_external_delivery_that_fails(hub: Hub, buyer: Hub, external: tuple[str, str]) -> None:
    order = Offer(hub, external).ordered(buyer)
    (item,) = waiting(buyer, order)
    hub.patch(subscription(order, item), says("failed"))
    assert reached(buyer, order, "succeeded", "failed")["state"] == "failed"


def test_external_deliveries_that_differ(hub: Hub, buyer: Hub) -> None:
    method = hub.method("External")
    order = Offer(hub, (hub.page(), method), (hub.page(), method)).ordered(buyer)
    first, second = waiting(buyer, order)
    hub.patch(subscription(order, first), says("delivered"))
    assert buyer.get(f"{LISTS}/{order['id']}")["state"] == "ready_to_deliver"
    hub.patch(subscription(order, second), says("failed"))
    assert reached(buyer, order, "partially_delivered", "failed", "succeeded")["state"] == "partially_delivered"


@pytest.mark.parametrize("state", ["received", "revoked", "x", "", 1, []])
def test_a_state_that_nobody_reports(hub: Hub, buyer: Hub, external: tuple[str, str], state: str) -> None:
    order = Offer(hub, external).ordered(buyer)
    (item,) = waiting(buyer, order)
    refused(hub.call("PATCH", subscription(order, item), [says(state)]), 400)
    refused(buyer.call("PATCH", subscription(order, item), [says("delivered")]), 403)
    refused(hub.call("PATCH", subscription(order, {"id": some_id()}), [says("delivered")]), 404)
    refused(hub.call("PATCH", subscription({"id": some_id()}, item), [says("delivered")]), 404)
    assert states_of(buyer, order) == ["in_progress"]


def test_only_external_deliveries_are_reported(hub: Hub, buyer: Hub) -> None:
    order = Offer(hub, (hub.page(), hub.method("Open URL"))).ordered(buyer)
    reached(buyer, order, "succeeded")
    (item,) = items_of(buyer, order)
    refused(hub.call("PATCH", subscription(order, item), [says("failed")]), 409)


def test_an_order_is_withdrawn(hub: Hub, buyer: Hub, restricted: Offer) -> None:
    order = restricted.ordered(buyer)
    assert ok(decide(buyer, order, "canceled"))["state"] == "canceled"
    refused(decide(hub, order, "ready_to_deliver"), 409)


def test_an_order_is_revoked(hub: Hub, buyer: Hub) -> None:
    order = Offer(hub, (hub.page(), hub.method("Open URL"))).ordered(buyer)
    reached(buyer, order, "succeeded")
    (output,) = items_of(buyer, order)[0]["properties"]["assets_out"]
    assert ok(decide(hub, order, "revoked"))["state"] == "revoked"
    eventually(lambda: states_of(buyer, order) == ["revoked"])
    refused(buyer.call("GET", f"/v2/assets/{output['asset_id']}?catalog_id={hub.catalog}"), 404)


@pytest.mark.parametrize("query", ["revoke_access=true", "revoke_access=true&start_at=2020-01-01T00:00:00Z"])
def test_retiring_takes_the_data_away(hub: Hub, buyer: Hub, query: str) -> None:
    offer = Offer(hub, (hub.page(), hub.method("Open URL")))
    order = offer.ordered(buyer)
    reached(buyer, order, "succeeded")
    assert hub.post(f"{place(offer.release, 'releases')}/retire?{query}")["state"] == "retired"
    eventually(lambda: states_of(buyer, order) == ["revoked"])
    assert reached(buyer, order, "revoked")["state"] == "revoked"


@pytest.mark.parametrize("query", ["", "?revoke_access=false", "?revoke_access=true&start_at=2999-01-01T00:00:00Z"])
def test_retiring_leaves_what_was_delivered(hub: Hub, buyer: Hub, query: str) -> None:
    offer = Offer(hub, (hub.page(), hub.method("Open URL")))
    order = offer.ordered(buyer)
    reached(buyer, order, "succeeded")
    (output,) = items_of(buyer, order)[0]["properties"]["assets_out"]
    hub.post(f"{place(offer.release, 'releases')}/retire{query}")
    assert buyer.get(f"{LISTS}/{order['id']}")["state"] == "succeeded"
    check_asset(buyer.get(f"/v2/assets/{output['asset_id']}?catalog_id={hub.catalog}"))


@pytest.mark.parametrize("query", ["revoke_access=x", "start_at=x", "revoke_access=true&start_at=2026-01-01"])
def test_retiring_with_a_wrong_parameter(hub: Hub, query: str) -> None:
    release = hub.release()
    refused(hub.call("POST", f"{place(release, 'releases')}/retire?{query}"), 400)
    assert hub.get(place(release, "releases"))["state"] == "available"
