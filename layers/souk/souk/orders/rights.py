"""Who may see an order, decide it, and report on its delivery."""

from __future__ import annotations

from souk.access import authority
from souk.errors import NotAllowed, NotFound
from souk.identity.permissions import manages
from souk.identity.principal import AUDIT, GOVERNANCE, Principal
from souk.orders.model import KIND, OrderCard, card_of
from souk.store.port import Record
from souk.work import Work


def get_order(work: Work, order_id: str, by: Principal) -> Record:
    """The order, for those who may see it. Raises NotFound, also where the caller may not know of it."""
    found = work.find(KIND, order_id)
    if found is None:
        _look_no_further(work, order_id, by)
    if found is None or not may_see(work, card_of(found), by):
        raise NotFound(f"the order {order_id!r} does not exist", kind=KIND, id=order_id)
    return found


def _look_no_further(work: Work, order_id: str, by: Principal) -> None:
    """Ask the store what `may_see` would of an order that exists: how long an answer takes tells nothing."""
    if not sees_all(by):
        leads(work, order_id, by)
        manages(by, order_id, work)


def sees_all(by: Principal) -> bool:
    """Keys, governance and auditors see every order."""
    return by.kind == "key" or not by.permissions.isdisjoint({GOVERNANCE, AUDIT})


def may_see(work: Work, card: OrderCard, by: Principal) -> bool:
    """Whoever ordered, the product's side, and those who see all."""
    return sees_all(by) or card["owner"] == by.label or leads(work, card["product"], by)


def leads(work: Work, product: str, by: Principal) -> bool:
    """A user on the product's side: its owner team, a manager of its domain, governance."""
    return authority.actor(work, by, product).leads


def demand_owner(card: OrderCard, by: Principal) -> None:
    """Only whoever ordered, or a key, may withdraw or rename. Raises NotAllowed."""
    if by.kind != "key" and card["owner"] != by.label:
        raise NotAllowed("only whoever placed the order may do this")


def demand_reporter(work: Work, card: OrderCard, by: Principal) -> None:
    """A key, or the product's side, reports what was delivered. Raises NotAllowed."""
    if by.kind != "key" and not leads(work, card["product"], by):
        raise NotAllowed("only the product's side, or an external system with a key, reports deliveries")
