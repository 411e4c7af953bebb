"""Orders follow the access that they rest on, whichever door decides it; and what is due is taken up again."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from souk import clock
from souk.access import lifecycle, record
from souk.access.due import settles
from souk.access.model import KIND as ACCESS
from souk.errors import Failed
from souk.orders.deciding import end
from souk.orders.delivering import conclude
from souk.orders.model import (
    CANCELED,
    ENDED,
    FAILED,
    HEAL_AFTER,
    KIND,
    READY,
    RECEIVED,
    REJECTED,
    REVOKED,
    SETTLED,
    OrderCard,
    by_access,
    card_of,
    keep,
)
from souk.orders.placing import may_deliver
from souk.store.port import MAX_PAGE, EntityStore, Record
from souk.work import Work, run
from souk.workflows import start

MACHINE = "deliver-order"
_FINAL = {"rejected": REJECTED, "canceled": CANCELED, "revoked": REVOKED, "expired": REVOKED}


def follow_access(store: EntityStore, access_id: str) -> int:
    """Start, end or take back every order that rests on this access. How many were moved. Raises Failed."""
    moved, cursor = 0, None
    while True:
        page = store.page(by_access(access_id), limit=MAX_PAGE, cursor=cursor)
        for entry in page.entries:
            moved += _follow(store, entry.key)
        cursor = page.cursor
        if cursor is None:
            return moved


def start_delivery(order_id: str, again: str = "") -> None:
    """Start the machine for an order; a repeat does nothing, unless it is asked for `again`. Raises Failed."""
    name = f"deliver-{order_id}" + (f"-{again}" if again else "")
    start(MACHINE, name, {"order": order_id, "undo": False})


def start_soon(order_id: str, *, undo: bool = False) -> None:
    """Start the machine for an order that is committed; should that fail, the sweep does it in a few minutes."""
    with suppress(Failed):
        (start_undo if undo else start_delivery)(order_id)


def start_undo(order_id: str, again: str = "") -> None:
    """Start the machine that takes back what was delivered. Raises Failed."""
    name = f"undo-{order_id}" + (f"-{again}" if again else "")
    start(MACHINE, name, {"order": order_id, "undo": True})


def _follow(store: EntityStore, key: str) -> int:
    order = Work(store).at(key)
    if order is None:
        return 0
    todo = run(store, partial(_apply, order.id))
    if todo == "start":
        start_delivery(order.id)
    elif todo == "undo":
        start_undo(order.id)
    return int(bool(todo))


def _apply(order_id: str, work: Work) -> str:
    order = work.get(KIND, order_id)
    card = card_of(order)
    if card["state"] in {RECEIVED, READY} and may_deliver(work, card):
        return "start"
    final = _final_state(work, card)
    if final is None or card["state"] in ENDED | {FAILED}:
        return ""
    end(card, final)
    card["due"] = clock.text(work.now + HEAL_AFTER)
    keep(work, order_id, card, order.body["views"])
    return "undo"


def _final_state(work: Work, card: OrderCard) -> str | None:
    """What an access that is over makes of its orders; one that was deleted was ended before."""
    access = work.find(ACCESS, card["access"])
    return REVOKED if access is None else _FINAL.get(lifecycle.state(record.card_of(access), work.now))


def settle_order(work: Work, found: Record) -> None:
    """For the sweep: an order that waited too long is over, a delivery that stands still is started again.

    Raises Failed.
    """
    card = card_of(found)
    now = clock.text(work.now)
    if card.get("due", "~") > now:
        return
    if card["state"] == RECEIVED and not may_deliver(work, card):
        _give_up_waiting(work, card)
    elif card["state"] in {RECEIVED, READY} and any(_stands_still(item) for item in card["items"]):
        start_delivery(found.id, again=str(found.revision))
        card["due"] = clock.text(work.now + HEAL_AFTER)
    elif card["state"] == READY:
        for item in card["items"]:
            if item["state"] not in SETTLED:
                item["state"], item["moved"], item["reason"] = "failed", now, "nothing was reported in time"
        conclude(work, found.id, card)
    elif card["state"] in ENDED:
        start_undo(found.id, again=str(found.revision))
        card["due"] = clock.text(work.now + HEAL_AFTER)
    else:
        card.pop("due", None)
    keep(work, found.id, card, found.body["views"])


def _stands_still(item: object) -> bool:
    assert isinstance(item, dict)
    return item["state"] not in SETTLED and (item["way"] != "external" or item["state"] == "received")


def _give_up_waiting(work: Work, card: OrderCard) -> None:
    """Nobody approved in time: the order is over, and so is the request that it made."""
    access = work.find(ACCESS, card["access"])
    if access is not None and card["asked"] and record.card_of(access)["status"] == "requested":
        case = record.case_of(work, access)
        case.happen("updated", *lifecycle.cancel(case.card, work.now))
        record.close_review(work, case)
        record.store(work, case)
    end(card, REJECTED)
    card["message"] = "nobody approved the order in time"


settles(KIND, settle_order)
