"""Orders, search, and what surrounds them (contract 4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.threads import at_once
from tests.wire.dpx.hub import LISTS, RFC3339, B, Hub, eventually, fresh, ok, place, refused, some_id
from tests.wire.raw import Answer, Doc


@pytest.fixture(scope="module")
def opened(hub: Hub) -> str:
    """The delivery method that clients look for by its name."""
    return hub.method("Open URL")


def offered(hub: Hub, method: str, **fields: Any) -> tuple[Doc, str]:
    """A release of one page, and the page."""
    page = hub.page()
    return hub.release(parts_out=[hub.part(page, method)], **fields), page


def reached(client: Hub, order: Doc, *states: str) -> Doc:
    """The order as soon as it has one of these states."""

    def look() -> Any:
        shown = client.get(f"{LISTS}/{order['id']}")
        return shown["state"] in states and shown

    found: Doc = eventually(look)
    return found


def test_an_order_is_delivered(hub: Hub, buyer: Hub, opened: str) -> None:
    release, page = offered(hub, opened)
    order = buyer.post(LISTS, buyer.order(release, page, opened), 201)
    assert (order["type"], order["state"]) == ("order", "received")
    assert order["access_control"]["owner"]
    assert RFC3339.match(order["created_at"])
    assert RFC3339.match(order["last_updated_at"])
    assert order["asset"]
    assert reached(buyer, order, "succeeded", "failed")["state"] == "succeeded"
    answer = buyer.get(f"{LISTS}/{order['id']}/items")
    assert (answer["limit"], answer["total_count"]) == (200, 1)
    assert answer["first"]["href"]
    (item,) = answer["items"]
    properties = item["properties"]
    assert item["asset"]["metadata"] == {"id": page, "type": "data_asset", "container": hub.container}
    assert properties["data_product_delivery_state"] == "delivered"
    assert properties["data_product_delivery_state_modified"].isdigit()
    assert properties["delivery_method"] == {"asset_id": opened, "catalog_id": hub.catalog}
    (output,) = properties["assets_out"]
    asset = buyer.get(f"/v2/assets/{output['asset_id']}?catalog_id={output['catalog_id']}")
    assert asset["entity"]["ibm_url_definition"]["url"] == "https://example.com/batches"


def test_a_sample_is_downloaded(hub: Hub, buyer: Hub) -> None:
    found = hub.post("/v3/search", {"query": {"match": {"metadata.name": "Green coffee stock"}}})["rows"]
    release = hub.get(f"{B}/data_products/-/releases/{found[0]['artifact_id']}@{hub.catalog}")
    part = release["parts_out"][0]
    method = part["delivery_methods"][0]["id"]
    order = buyer.post(LISTS, buyer.order(release, part["asset"]["id"], method), 201)
    reached(buyer, order, "succeeded")
    (output,) = buyer.get(f"{LISTS}/{order['id']}/items")["items"][0]["properties"]["assets_out"]
    asset = buyer.get(f"/v2/assets/{output['asset_id']}?catalog_id={hub.catalog}")
    link = asset["entity"]["ibm_url_definition"]["url"]
    assert httpx.get(link, trust_env=False).text.startswith("week,origin,harvest,bags")


def by_patch(hub: Hub, order: Doc) -> Answer:
    change = [{"op": "replace", "path": "/state", "value": "ready_to_deliver"}]
    return hub.call("PATCH", f"{LISTS}/{order['id']}", [*change, {"op": "add", "path": "/message", "value": "Fine"}])


def as_agreement(hub: Hub, order: Doc) -> Answer:
    headers = {"x-api-key": hub.headers["authorization"].removeprefix("Bearer ")}
    answer = hub.send("GET", "/api/datausageagreements", None, headers)
    asked = next(one for one in answer.json() if one["info"].get("purpose") == order["name"])
    return hub.send("POST", f"/api/datausageagreements/{asked['id']}/approve", None, headers)


@pytest.mark.parametrize("approve", [by_patch, as_agreement])
def test_a_restricted_product_waits_for_its_approval(
    hub: Hub, buyer: Hub, opened: str, approve: Callable[[Hub, Doc], Answer]
) -> None:
    release, page = offered(hub, opened, is_restricted=True)
    order = buyer.post(LISTS, buyer.order(release, page, opened), 201)
    refused(by_patch(buyer, order), 403)
    assert buyer.get(f"{LISTS}/{order['id']}")["state"] == "received"
    assert approve(hub, order).status == 200
    reached(buyer, order, "succeeded")


def test_an_order_is_rejected(hub: Hub, buyer: Hub, opened: str) -> None:
    release, page = offered(hub, opened, is_restricted=True)
    order = buyer.post(LISTS, buyer.order(release, page, opened), 201)
    assert hub.patch(f"{LISTS}/{order['id']}", {"op": "replace", "path": "/state", "value": "rejected"})["state"] == (
        "rejected"
    )
    refused(by_patch(hub, order), 409)


def test_an_external_system_reports_back(hub: Hub, buyer: Hub) -> None:
    method = hub.method("External")
    release, page = offered(hub, method)
    order = buyer.post(LISTS, buyer.order(release, page, method), 201)

    def under_way() -> Any:
        (item,) = buyer.get(f"{LISTS}/{order['id']}/items")["items"]
        return item["properties"]["data_product_delivery_state"] == "in_progress" and item

    item = eventually(under_way)
    place = f"{B}/subscriptions/{order['id']}/items/{item['id']}"
    told: list[Doc] = [
        {"op": "add", "path": "/output", "value": {"name": "Share", "url": "https://example.com/share"}},
        {"op": "replace", "path": "/data_product_delivery_state", "value": "delivered"},
    ]
    refused(buyer.call("PATCH", place, told), 403)
    hub.patch(place, *told)
    reached(buyer, order, "succeeded")


def test_others_do_not_see_an_order(hub: Hub, buyer: Hub, stranger: Hub, opened: str) -> None:
    release, page = offered(hub, opened)
    order = buyer.post(LISTS, buyer.order(release, page, opened), 201)
    reached(buyer, order, "succeeded")
    (output,) = buyer.get(f"{LISTS}/{order['id']}/items")["items"][0]["properties"]["assets_out"]
    for target in (f"{LISTS}/{order['id']}", f"{LISTS}/{order['id']}/items", f"/v2/assets/{output['asset_id']}"):
        refused(stranger.call("GET", target), 404)
    assert order["id"] not in [one["id"] for one in stranger.get(LISTS)["asset_lists"]]
    hub.get(f"{LISTS}/{order['id']}")


def test_orders_are_queried(hub: Hub, buyer: Hub, opened: str) -> None:
    release, page = offered(hub, opened)
    order = buyer.post(LISTS, buyer.order(release, page, opened), 201)
    reached(buyer, order, "succeeded")
    asset, owner = release["asset"]["id"], order["access_control"]["owner"]

    def found(query: str, more: str = "") -> Doc:
        answer: Doc = buyer.get(f"{LISTS}?query={quote(query)}&sort=-last_updated_at{more}")
        return answer

    one = found(f'type=="order"&&(asset.id=="{asset}"&&state=="succeeded")')
    assert ([each["id"] for each in one["asset_lists"]], one["total_count"]) == ([order["id"]], 1)
    assert found(f'asset.id=="{asset}"', "&limit=0")["asset_lists"] == []
    assert found(f'asset.id=="{asset}"', "&limit=0")["total_count"] == 1
    recent = found(f'created_at>="2025-10-08T23:00:00Z"&&access_control.owner=="{owner}"')
    assert order["id"] in [each["id"] for each in recent["asset_lists"]]
    for wrong in ("state=", "nothing==1", "((", 'state=="x"||'):
        refused(buyer.call("GET", f"{LISTS}?query={quote(wrong)}"), 400)


def test_what_cannot_be_ordered(hub: Hub, buyer: Hub, opened: str) -> None:
    release, page = offered(hub, opened)
    good = buyer.order(release, page, opened)
    for name in ("name", "type", "asset", "items"):
        refused(buyer.call("POST", LISTS, {key: value for key, value in good.items() if key != name}), 400)
    refused(buyer.call("POST", LISTS, buyer.order(release, some_id(), opened)), 400)
    refused(buyer.call("POST", LISTS, buyer.order({**release, "asset": {"id": some_id()}}, page, opened)), 404)
    refused(buyer.call("GET", f"{LISTS}/{some_id()}"), 404)
    hub.post(f"{place(release, 'releases')}/retire")
    refused(buyer.call("POST", LISTS, good), 400, 404, 409)


def test_orders_at_once_share_one_access(hub: Hub, buyer: Hub, opened: str) -> None:
    release, page = offered(hub, opened, is_restricted=True)
    answers = at_once(*[lambda: buyer.call("POST", LISTS, buyer.order(release, page, opened))] * 5)
    orders = [ok(answer, 201) for answer in answers]
    assert len({order["id"] for order in orders}) == 5
    ok(by_patch(hub, orders[0]))
    for order in orders:
        reached(buyer, order, "succeeded")


def test_search_follows_a_product(hub: Hub) -> None:
    name = fresh("Zinfandel")
    draft = hub.draft(name=name, tags=["wine"])

    def states() -> list[str]:
        word = name.split()[1]
        query: Doc = {"bool": {"must": {"gs_user_query": {"search_string": word, "nlq_analyzer_enabled": False}}}}
        answer = hub.post("/v3/search?auth_scope=ibm_data_product_catalog&auth_cache=true", {"query": query})
        return [row["entity"]["data_product_version"]["state"] for row in answer["rows"]]

    eventually(lambda: states() == ["draft"])
    release = hub.post(f"{place(draft)}/publish")
    eventually(lambda: states() == ["available"])
    hub.post(f"{place(release, 'releases')}/retire")
    eventually(lambda: states() == ["retired"])


def test_search_refuses_what_it_does_not_know(hub: Hub) -> None:
    unknown: list[Any] = [{"fuzzy": {"metadata.name": "x"}}, {"bool": {"must": [{"script": {}}]}}, "text", 7]
    for query in unknown:
        assert refused(hub.call("POST", "/v3/search", {"query": query}), 400) == ["invalid_parameter"]
