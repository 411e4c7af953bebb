"""Bodies of orders: what is required, what is checked, what comes back (contract 4.3, R15)."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.wire.dpx.fields import check_order
from tests.wire.dpx.hub import LISTS, PRODUCTS, Hub, place, refused, some_id
from tests.wire.dpx.operations import NOWHERE
from tests.wire.dpx.ordering import Offer, items_of, reached
from tests.wire.raw import Doc

VERSION = "asset.asset.metadata.id"
PART = "items.0.asset.metadata.id"
METHOD = "items.0.properties.delivery_method"
REQUIRED = ["name", "type", "asset", "items", "asset.asset", "asset.asset.metadata", VERSION]
REQUIRED_OF_ITEMS = ["items.0.asset", "items.0.asset.metadata", PART, f"{METHOD}.asset_id"]
WRONG: dict[str, list[Any]] = {
    "name": ["", 1, [], {}, "x" * 257],
    "description": [1, [], "x" * 4001],
    "type": ["", "orders", 1, "basket"],
    "state": ["succeeded", "ready_to_deliver", "x", 1],
    "asset": ["x", [], 1, {"asset": "x"}],
    VERSION: [1, "", [], {}],
    "items": ["x", {}, [], [1], ["x"], [None], [{}]],
    PART: [1, "", {}],
    "items.0.properties": ["x", []],
    METHOD: ["x", [], {}],
    f"{METHOD}.asset_id": [1, "", "x", NOWHERE],
    f"{METHOD}.catalog_id": [1, []],
    f"{METHOD}.properties": ["x", []],
    "items.0.properties.data_product_id": [1, "x", NOWHERE],
    "properties": ["x", []],
    "properties.data_product_id": [1, "x", NOWHERE],
}


def at(body: Doc, path: str, *value: Any) -> Doc:
    """A copy of the body with the value at this path, or without what is there."""
    changed = copy.deepcopy(body)
    *steps, last = path.split(".")
    found: Any = changed
    for step in steps:
        found = found[int(step)] if step.isdigit() else found.setdefault(step, {})
    found.pop(last, None)
    found.update(zip([last], value, strict=False))
    return changed


@pytest.fixture(scope="module")
def offer(hub: Hub) -> Offer:
    """A page that may be opened, on offer."""
    return Offer(hub, (hub.page(), hub.method("Open URL")))


def test_an_order_with_every_field(hub: Hub, buyer: Hub, offer: Offer) -> None:
    body = offer.body(properties={"data_product_id": offer.release["data_product"]["id"], "team": "shifts"}, note="n")
    order = buyer.post(LISTS, body, 201)
    check_order(order)
    for name in ("name", "description", "type", "state", "note"):
        assert order[name] == body[name]
    assert order["asset"]["asset"]["metadata"] == body["asset"]["asset"]["metadata"]
    assert order["properties"]["team"] == "shifts"
    assert buyer.get(f"{LISTS}/{order['id']}")["name"] == body["name"]
    (item,) = items_of(buyer, order)
    assert item["asset"]["metadata"] == body["items"][0]["asset"]["metadata"]
    sent = body["items"][0]["properties"]
    assert {name: item["properties"][name] for name in sent} == sent
    reached(buyer, order, "succeeded")


@pytest.mark.parametrize("name", ["description", "state", "items.0.properties", f"{METHOD}.catalog_id", METHOD])
def test_what_may_be_left_out(buyer: Hub, offer: Offer, name: str) -> None:
    order = buyer.post(LISTS, at(offer.body(), name), 201)
    check_order(order)
    assert reached(buyer, order, "succeeded", "failed")["state"] == "succeeded"


@pytest.mark.parametrize("name", [*REQUIRED, *REQUIRED_OF_ITEMS])
@pytest.mark.parametrize("value", [(), (None,)], ids=["missing", "null"])
def test_what_is_required(buyer: Hub, offer: Offer, name: str, value: tuple[Any, ...]) -> None:
    codes = refused(buyer.call("POST", LISTS, at(offer.body(), name, *value)), 400)
    assert "missing_required_value" in codes


@pytest.mark.parametrize(
    ("name", "value"),
    [pytest.param(name, one, id=f"{name}-{n}") for name, ones in WRONG.items() for n, one in enumerate(ones)],
)
def test_what_is_wrong(buyer: Hub, offer: Offer, name: str, value: Any) -> None:
    refused(buyer.call("POST", LISTS, at(offer.body(), name, value)), 400)


@pytest.mark.parametrize(
    "name",
    ["asset.asset.metadata.container.id", "items.0.asset.metadata.container.id", f"{METHOD}.catalog_id"],
)
def test_another_catalog(buyer: Hub, offer: Offer, name: str) -> None:
    assert refused(buyer.call("POST", LISTS, at(offer.body(), name, some_id())), 404) == ["does_not_exist"]


@pytest.mark.parametrize("id", [NOWHERE, "short"])
def test_an_unknown_version(buyer: Hub, offer: Offer, id: str) -> None:
    assert refused(buyer.call("POST", LISTS, at(offer.body(), VERSION, id)), 404) == ["does_not_exist"]


def test_a_version_by_its_whole_id(buyer: Hub, offer: Offer) -> None:
    check_order(buyer.post(LISTS, at(offer.body(), VERSION, offer.release["id"]), 201))


def test_a_part_that_the_version_lacks(hub: Hub, buyer: Hub, offer: Offer) -> None:
    for asset in (some_id(), hub.page()):
        assert refused(buyer.call("POST", LISTS, at(offer.body(), PART, asset)), 400) == ["invalid_parameter"]


def test_every_part_that_is_wrong_is_told(buyer: Hub, offer: Offer) -> None:
    body = offer.body()
    item = at(body, PART, some_id())["items"][0]
    assert len(refused(buyer.call("POST", LISTS, body | {"items": [item, *body["items"], item]}), 400)) == 2


def test_a_draft_cannot_be_ordered(hub: Hub, buyer: Hub, offer: Offer) -> None:
    product = offer.release["data_product"]["id"]
    draft = hub.post(f"{PRODUCTS}/{product}/drafts", {"container": hub.container}, 201)
    refused(buyer.call("POST", LISTS, at(offer.body(), VERSION, draft["asset"]["id"])), 404, 409)


def test_a_retired_version_cannot_be_ordered(hub: Hub, buyer: Hub) -> None:
    offer = Offer(hub, (hub.page(), hub.method("Open URL")))
    hub.post(f"{place(offer.release, 'releases')}/retire")
    refused(buyer.call("POST", LISTS, offer.body()), 400, 404, 409)


def test_too_many_items(buyer: Hub, offer: Offer) -> None:
    refused(buyer.call("POST", LISTS, offer.body() | {"items": offer.body()["items"] * 201}), 400)


def test_twenty_parts(hub: Hub, buyer: Hub) -> None:
    method = hub.method("Open URL")
    offer = Offer(hub, *[(hub.page(f"https://example.com/{number}"), method) for number in range(20)])
    order = offer.ordered(buyer)
    reached(buyer, order, "succeeded")
    assert len(items_of(buyer, order)) == 20
    pages = [buyer.get(f"{LISTS}/{order['id']}/items?limit=8")]
    while "next" in pages[-1]:
        pages.append(buyer.get(f"{LISTS}/{order['id']}/items?limit=8&start={pages[-1]['next']['start']}"))
    assert [len(page["items"]) for page in pages] == [8, 8, 4]
    assert len({item["id"] for page in pages for item in page["items"]}) == 20


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "start=x", "start=offset-x", "start="])
def test_items_by_a_wrong_page(buyer: Hub, offer: Offer, query: str) -> None:
    order = offer.ordered(buyer)
    assert refused(buyer.call("GET", f"{LISTS}/{order['id']}/items?{query}"), 400) == ["invalid_parameter"]
