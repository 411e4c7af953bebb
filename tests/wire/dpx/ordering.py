"""What wire tests of orders do again and again: offers of several parts, orders, waiting for their states."""

from __future__ import annotations

from typing import Any

from tests.wire.dpx.fields import check_item, check_order
from tests.wire.dpx.hub import LISTS, B, Hub, eventually
from tests.wire.raw import Doc


class Offer:
    """A release of parts, each with one delivery method, and how it is ordered."""

    def __init__(self, hub: Hub, *parts: tuple[str, str], **fields: Any) -> None:
        self.hub, self.parts = hub, parts
        self.release = hub.release(parts_out=[hub.part(asset, method) for asset, method in parts], **fields)

    def body(self, **fields: Any) -> Doc:
        """An order of every part."""
        orders = [self.hub.order(self.release, asset, method) for asset, method in self.parts]
        return {**orders[0], "items": [one["items"][0] for one in orders]} | fields

    def ordered(self, by: Hub, **fields: Any) -> Doc:
        """The order, just placed."""
        order: Doc = by.post(LISTS, self.body(**fields), 201)
        check_order(order)
        return order


def reached(client: Hub, order: Doc, *states: str) -> Doc:
    """The order as soon as it has one of these states."""

    def look() -> Any:
        shown = client.get(f"{LISTS}/{order['id']}")
        return shown["state"] in states and shown

    found: Doc = eventually(look)
    check_order(found)
    return found


def items_of(client: Hub, order: Doc) -> list[Doc]:
    """The items of an order."""
    answer = client.get(f"{LISTS}/{order['id']}/items")
    assert (answer["limit"], answer["total_count"]) == (200, len(answer["items"]))
    assert answer["first"]["href"]
    assert "next" not in answer
    for item in answer["items"]:
        check_item(item)
    found: list[Doc] = answer["items"]
    return found


def states_of(client: Hub, order: Doc) -> list[str]:
    """The delivery state of each item."""
    return [item["properties"]["data_product_delivery_state"] for item in items_of(client, order)]


def waiting(client: Hub, order: Doc) -> list[Doc]:
    """The items as soon as each of them waits for an external system."""

    def look() -> Any:
        found = items_of(client, order)
        states = {item["properties"]["data_product_delivery_state"] for item in found}
        return states == {"in_progress"} and found

    items: list[Doc] = eventually(look)
    return items


def subscription(order: Doc, item: Doc) -> str:
    """The path by which an external system reports on an item."""
    return f"{B}/subscriptions/{order['id']}/items/{item['id']}"


def decide(client: Hub, order: Doc, state: str, message: str = "") -> Any:
    """The answer to a decision on the order."""
    change: list[Doc] = [{"op": "replace", "path": "/state", "value": state}]
    said = [{"op": "add", "path": "/message", "value": message}] * bool(message)
    return client.call("PATCH", f"{LISTS}/{order['id']}", [*change, *said])


def says(state: str) -> Doc:
    """What an external system reports."""
    return {"op": "replace", "path": "/data_product_delivery_state", "value": state}
