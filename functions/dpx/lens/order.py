"""Orders as asset lists, and what they delivered as assets (contract 4.3)."""

from __future__ import annotations

from typing import Any, cast

from dpx.lens.asset import URL, VERSION
from dpx.lens.catalog import container
from dpx.lens.content import DIALECT
from souk import clock
from souk.ids import as_uuid
from souk.orders.model import Item, OrderCard, OutputCard
from souk.setup.catalogue import CATALOGUE
from souk.store.port import Record

Wire = dict[str, Any]
TYPE = "order"
DELIVERED = "ibm_data_product_delivered_asset"
_DELIVERY = {"received": "received", "ready_to_deliver": "in_progress", "succeeded": "delivered"}


def show_order(record: Record) -> Wire:
    """The order with what its client sent."""
    card = cast(OrderCard, record.body["card"])
    sent = record.body["views"].get(DIALECT, {}).get("order", {})
    properties = {
        **sent.get("properties", {}),
        "data_product_id": as_uuid("product", card["product"]),
        "data_product_delivery_state": _DELIVERY.get(card["state"], card["state"]),
    }
    shown: Wire = {
        "id": record.id,
        "name": card["name"],
        "description": card["description"],
        "type": TYPE,
        "state": card["state"],
        "asset": _asset(card),
        "created_at": record.created,
        "last_updated_at": record.updated,
        "access_control": {"owner": card["owner"]},
        "data_product_id": properties["data_product_id"],
        "data_product_delivery_state": properties["data_product_delivery_state"],
        "properties": properties,
        "accepted_terms": card["accepted"],
    }
    shown |= {"message": card["message"]} if "message" in card else {}
    return {**sent.get("others", {}), **shown}


def show_item(record: Record, item: Item) -> Wire:
    """One part that was ordered, and how far its delivery is."""
    card = cast(OrderCard, record.body["card"])
    sent = record.body["views"].get(DIALECT, {}).get("items", {}).get(item["id"], {})
    moved = int(clock.parse(item["moved"]).timestamp() * 1000)
    properties: Wire = {
        **sent.get("properties", {}),
        "data_product_id": as_uuid("product", card["product"]),
        "data_product_delivery_state": item["state"],
        "data_product_delivery_state_modified": str(moved),
        "assets_out": [{"catalog_id": CATALOGUE, "asset_id": output} for output in item["outputs"]],
    }
    if item["method"]:
        method = sent.get("properties", {}).get("delivery_method", {})
        properties["delivery_method"] = {**method, "asset_id": item["method"], "catalog_id": CATALOGUE}
    if "reason" in item:
        properties["data_product_delivery_message"] = item["reason"]
    metadata = {"type": "data_asset", **sent.get("asset", {}).get("metadata", {}), "id": item["asset"]}
    return {
        "id": item["id"],
        "access_control": {"owner": card["owner"]},
        "created_at": record.created,
        "last_updated_at": item["moved"],
        "last_updated_by": item["by"],
        "asset": {"metadata": {**metadata, "container": container()}},
        "properties": properties,
    }


def facts_of(record: Record) -> Wire:
    """What a query may speak of."""
    card = cast(OrderCard, record.body["card"])
    return {
        "id": record.id,
        "type": TYPE,
        "name": card["name"],
        "description": card["description"],
        "state": card["state"],
        "asset.id": card["version"],
        "created_at": record.created,
        "last_updated_at": record.updated,
        "access_control.owner": card["owner"],
    }


def show_output(record: Record, link: str | None) -> Wire:
    """What a delivery gave to its consumer, as an asset. `link`: where to fetch it now."""
    card = cast(OutputCard, record.body["card"])
    url = link or card.get("url")
    type = URL if url else DELIVERED
    metadata = {
        "asset_id": record.id,
        "name": card["name"],
        "asset_type": type,
        "catalog_id": CATALOGUE,
        "created_at": record.created,
        "owner_id": card["owner"],
        "rov": {"mode": 16},
        "usage": {"last_updated_at": record.updated},
    }
    place = {key: card[key] for key in ("bucket", "key") if key in card} if card["kind"] == "copy" else {}
    entity: Wire = {"url": url} if url else {}
    entity |= place | ({"table": card["table"]} if "table" in card else {})
    entity |= {"output": card["told"]} if "told" in card else {}
    entity |= {"order": card["order"], "item": card["item"]}
    return {"asset_id": record.id, "metadata": metadata, "entity": {type: entity}}


def _asset(card: OrderCard) -> Wire:
    reference = {"id": card["version"], "type": VERSION, "container": container()}
    return {**reference, "asset": {"metadata": reference}}
