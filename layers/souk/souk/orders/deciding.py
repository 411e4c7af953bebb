"""Decisions on an order: each is a decision on the access that it rests on, so every door sees it."""

from __future__ import annotations

from souk import clock
from souk.access import changes, decisions, lifecycle, record
from souk.access.model import KIND as ACCESS
from souk.errors import Conflict
from souk.identity.principal import Principal
from souk.orders.model import (
    CANCELED,
    HEAL_AFTER,
    OPEN,
    READY,
    RECEIVED,
    REJECTED,
    REVOKED,
    OrderCard,
    card_of,
    keep,
)
from souk.orders.placing import may_deliver
from souk.orders.rights import demand_owner
from souk.store.port import Record
from souk.work import Work

Decided = tuple[Record, bool]
"""The order, and whether deliveries that were made are to be taken back now."""


def decide(work: Work, order: Record, state: str, message: str, by: Principal) -> Decided:
    """Approve, reject, withdraw or revoke. Raises NotAllowed, Conflict."""
    card = card_of(order)
    if card["state"] == state:
        return order, False
    if message:
        card["message"] = message
    commands = {READY: _approve, REJECTED: _reject, CANCELED: _cancel, REVOKED: _revoke}
    undo = commands[state](work, card, message, by)
    if undo or card["state"] == READY:
        card["due"] = clock.text(work.now + HEAL_AFTER)
    return keep(work, order.id, card, order.body["views"]), undo


def rename(work: Work, order: Record, name: str, description: str, message: str | None, by: Principal) -> Record:
    """Change what the order says of itself. Raises NotAllowed."""
    card = card_of(order)
    demand_owner(card, by)
    card["name"], card["description"] = name, description
    if message is not None:
        card["message"] = message
    return keep(work, order.id, card, order.body["views"])


def _approve(work: Work, card: OrderCard, message: str, by: Principal) -> bool:
    """An order under a review of several stages stays received until the last of them."""
    _demand(card, {RECEIVED}, "delivered")
    decisions.approve(work, card["access"], by, message)
    if may_deliver(work, card):
        card["state"] = READY
    return False


def _reject(work: Work, card: OrderCard, message: str, by: Principal) -> bool:
    _demand(card, {RECEIVED}, "rejected")
    decisions.reject(work, card["access"], by, message)
    end(card, REJECTED)
    return False


def _cancel(work: Work, card: OrderCard, _message: str, by: Principal) -> bool:
    """Withdraw the order. The access request that it made goes with it, and so does an access of its own."""
    demand_owner(card, by)
    _demand(card, OPEN, "canceled")
    access = work.find(ACCESS, card["access"])
    if access is not None and card["asked"]:
        status = lifecycle.state(record.card_of(access), work.now)
        if status == "requested":
            changes.cancel(work, card["access"], by)
        elif status in {"approved", "active"}:
            changes.end(work, card["access"], by)
    end(card, CANCELED)
    return True


def _revoke(work: Work, card: OrderCard, _message: str, by: Principal) -> bool:
    """Take the access away, in every door, and what was delivered with it."""
    changes.revoke(work, card["access"], by)
    end(card, REVOKED)
    return True


def end(card: OrderCard, state: str) -> None:
    """The order is over; nothing is due."""
    card["state"] = state
    card.pop("due", None)


def _demand(card: OrderCard, states: set[str] | frozenset[str], verb: str) -> None:
    if card["state"] not in states:
        raise Conflict(f"an order that is {card['state']} cannot be {verb}")
