"""The steps of a delivery, as the state machine calls them. Each may be repeated; none holds a lock.

An item is marked, delivered, and marked again, in commits of its own. Whoever finds that the order was ended
meanwhile takes back what was just delivered.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from souk import clock
from souk.errors import Conflict, Invalid, NotFound
from souk.ids import key_as_uuid, record_key
from souk.orders import ways
from souk.orders.model import (
    ENDED,
    FAILED,
    HEAL_AFTER,
    KIND,
    OUTPUT,
    PARTIAL,
    READY,
    RECEIVED,
    SETTLED,
    SUCCEEDED,
    Item,
    ItemState,
    OrderCard,
    card_of,
    item_of,
    keep,
)
from souk.orders.placing import may_deliver, patience
from souk.orders.sources import source_of
from souk.store.port import EntityStore, Record
from souk.work import Work, run

HEAL_COPY_AFTER = timedelta(minutes=20)
"""The same for a large copy, which takes its time."""
_TO_TAKE_BACK = ("delivered", "in_progress")


def prepare(work: Work, order_id: str) -> list[dict[str, str]]:
    """First step: the order is ready, and these items are to be delivered. Raises NotFound, Conflict."""
    order = work.get(KIND, order_id)
    card = card_of(order)
    if card["state"] in {RECEIVED, READY}:
        if not may_deliver(work, card):
            raise Conflict("the order is not approved")
        card["state"] = READY
        card["due"] = _heal(work, card)
        keep(work, order_id, card, order.body["views"])
    open_ones = card["items"] if card["state"] == READY else []
    return [{"item": one["id"], "way": one["way"]} for one in open_ones if one["state"] not in SETTLED]


def deliver_item(store: EntityStore, order_id: str, item_id: str) -> None:
    """One item: marked as under way, delivered, marked as delivered. Raises Invalid, Conflict, Failed."""
    begun = run(store, partial(_begin, order_id, item_id))
    if begun is None:
        return
    card, item = begun
    work = Work(store)
    done = ways.deliver(order_id, card, item, source_of(work, card, item))
    kept = run(store, partial(_settle, order_id, item_id, done))
    if not kept:
        ways.undo({**item, "receipt": done.receipt})
        raise Conflict("the order was ended while this item was delivered")


def fail_item(work: Work, order_id: str, item_id: str, reason: str) -> None:
    """A step that failed for good: the item says why, the others go on."""
    order, card, item = _found(work, order_id, item_id)
    if item["state"] not in SETTLED:
        item["reason"] = reason[:1000]
        _move(work, item, "revoked" if card["state"] in ENDED else "failed")
        conclude(work, order_id, card)
        keep(work, order_id, card, order.body["views"])


def finish(work: Work, order_id: str) -> None:
    """Last step: the order's state follows from its items. Items that wait for an external system keep it open."""
    order = work.get(KIND, order_id)
    card = card_of(order)
    before = card["state"]
    conclude(work, order_id, card)
    if card["state"] != before or card["state"] == READY:
        keep(work, order_id, card, order.body["views"])


def report(work: Work, order: Record, item_id: str, state: ItemState, outputs: list[dict[str, Any]]) -> Record:
    """What an external system says of an item. Raises NotFound, Conflict (not waiting, or the order is over)."""
    card = card_of(order)
    item = item_of(card, item_id)
    if item is None:
        raise NotFound(f"the item {item_id!r} does not exist", kind="item", id=item_id)
    if item["way"] != "external" or item["state"] != "in_progress" or card["state"] != READY:
        raise Conflict(f"an item that is {item['state']} is not waiting for a report", state=item["state"])
    if outputs:
        _keep_outputs(work, order.id, card, item, outputs)
    if state != "in_progress":
        _move(work, item, state)
    conclude(work, order.id, card)
    return keep(work, order.id, card, order.body["views"])


def take_back(store: EntityStore, order_id: str) -> None:
    """Take back everything that was delivered under an order that is over. Raises Failed."""
    order = Work(store).find(KIND, order_id)
    if order is None or order.body["card"]["state"] not in ENDED:
        return
    for item in card_of(order)["items"]:
        if item["state"] in _TO_TAKE_BACK:
            ways.undo(item)
            run(store, partial(_taken_back, order_id, item["id"]))
    run(store, partial(_all_taken_back, order_id))


def _begin(order_id: str, item_id: str, work: Work) -> tuple[OrderCard, Item] | None:
    order, card, item = _found(work, order_id, item_id)
    if item["state"] in SETTLED:
        return None
    if card["state"] != READY:
        raise Conflict("the order is not to be delivered any more")
    if item["state"] == "in_progress" and item["way"] == "external":
        return None
    _move(work, item, "in_progress")
    card["due"] = _heal(work, card)
    if item["way"] == "external":
        facts = {"order": order_id, "item": item_id, "asset": item["asset"], "given": item["given"]}
        work.notice("delivery.requested", **facts, product=card["product"], consumer=card["owner"])
    keep(work, order_id, card, order.body["views"])
    return card, item


def _settle(order_id: str, item_id: str, done: ways.Delivered, work: Work) -> bool:
    order, card, item = _found(work, order_id, item_id)
    if card["state"] != READY:
        return False
    if done.waits or item["state"] == "delivered":
        return True
    if done.receipt:
        item["receipt"] = done.receipt
    _keep_outputs(work, order_id, card, item, list(done.outputs))
    _move(work, item, "delivered")
    card["due"] = _heal(work, card)
    keep(work, order_id, card, order.body["views"])
    return True


def _keep_outputs(work: Work, order_id: str, card: OrderCard, item: Item, told: list[dict[str, Any]]) -> None:
    """Ids follow from the item, so that a second delivery of it makes no further outputs."""
    ids = [key_as_uuid(record_key(OUTPUT, f"{order_id}\0{item['id']}\0{place}")) for place in range(len(told))]
    for output, one in zip(ids, told, strict=True):
        body = {"card": ways.output_card(order_id, card, item, one), "views": {}}
        work.save(OUTPUT, output, body, listed=False)
    item["outputs"] = ids


def _taken_back(order_id: str, item_id: str, work: Work) -> None:
    order, card, item = _found(work, order_id, item_id)
    if item["way"] == "external" and item["state"] in {"delivered", "in_progress"}:
        facts = {"order": order_id, "item": item_id, "asset": item["asset"]}
        work.notice("delivery.revoked", **facts, product=card["product"], consumer=card["owner"])
    for output in item["outputs"]:
        found = work.find(OUTPUT, output)
        if found is not None:
            work.remove(found)
    item["outputs"] = []
    item.pop("receipt", None)
    _move(work, item, "revoked")
    keep(work, order_id, card, order.body["views"])


def _all_taken_back(order_id: str, work: Work) -> None:
    """Nothing is left to do for the order."""
    order = work.get(KIND, order_id)
    card = card_of(order)
    if card.pop("due", None) is not None:
        keep(work, order_id, card, order.body["views"])


def conclude(work: Work, order_id: str, card: OrderCard) -> None:
    """The card's state follows from its items; while one is open, when to look at the order again. Nothing is kept."""
    states = [item["state"] for item in card["items"]]
    if card["state"] != READY:
        return
    if not all(state in SETTLED for state in states):
        under_way = [i for i in card["items"] if i["state"] not in SETTLED and i["way"] != "external"]
        card["due"] = _heal(work, card) if under_way else clock.text(work.now + patience())
        return
    delivered = states.count("delivered")
    card["state"] = SUCCEEDED if delivered == len(states) else PARTIAL if delivered else FAILED
    card.pop("due", None)
    work.notice(f"order.{card['state']}", id=order_id, product=card["product"], by=card["owner"])


def _found(work: Work, order_id: str, item_id: str) -> tuple[Record, OrderCard, Item]:
    order = work.get(KIND, order_id)
    card = card_of(order)
    item = item_of(card, item_id)
    if item is None:
        raise Invalid(f"the order has no item {item_id!r}")
    return order, card, item


def _move(work: Work, item: Item, state: ItemState) -> None:
    item["state"], item["moved"] = state, clock.text(work.now)


def _heal(work: Work, card: OrderCard) -> str:
    copies = any(item["way"] == "copy_to_bucket" and item["state"] not in SETTLED for item in card["items"])
    return clock.text(work.now + (HEAL_COPY_AFTER if copies else HEAL_AFTER))
