"""Placing an order: the terms are accepted, access is asked for, and the order waits for it as a record."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from souk import clock
from souk.access import lifecycle, record
from souk.access.model import KIND as ACCESS
from souk.access.model import Subject, user_key
from souk.access.requests import Asked, create, keys_of, past_and_next
from souk.catalogue import rendering_keys
from souk.errors import Conflict, Invalid, NotFound
from souk.identity.principal import Principal
from souk.ids import as_uuid
from souk.orders.model import HEAL_AFTER, KIND, RECEIVED, REJECTED, Accepted, Item, OrderCard, keep
from souk.products.card import Port
from souk.releases.model import AVAILABLE, Version
from souk.releases.reading import get_release, keys_of_version
from souk.releases.seeing import part_uuid
from souk.setup.methods import DEFAULT, METHODS
from souk.store.port import Record
from souk.work import Work

UNKNOWN = "unknown"
_WAYS = {known.id: known.method["resource_key"] for known in METHODS}
_DEFAULT_DAYS = 30


@dataclass(frozen=True, slots=True)
class WantedItem:
    """A part that is wanted. `method` None: the first one that the part offers. `view`: as the client sent it."""

    asset: str
    method: str | None = None
    given: dict[str, Any] = field(default_factory=dict)
    view: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An order as a door's client asks for it. `products`: as which products, by UUID, it names the version's own."""

    name: str
    description: str
    version: str
    items: tuple[WantedItem, ...]
    dialect: str
    view: dict[str, Any]
    products: frozenset[str] = frozenset()


def place_order(work: Work, wanted: Wanted, by: Principal) -> Record:
    """Accept the terms and order. Raises NotFound, Conflict (not available), Invalid (a part or method is not offered).

    An order whose access is approved may be delivered at once: ask `may_deliver` after the commit.
    """
    work.fetch(key for product in (None, *wanted.products) for key in keys_of_version(wanted.version, product))
    version = get_release(work, wanted.version)
    if version.state != AVAILABLE:
        raise Conflict(f"version {version.number} is {version.state}; it cannot be ordered")
    if wanted.products - {as_uuid("product", version.product)}:
        raise Invalid("data_product_id: the version belongs to another product")
    items = _items(work, version, wanted, by)
    access, asked = _access(work, version.product, wanted, by)
    card = OrderCard(
        name=wanted.name,
        description=wanted.description,
        product=version.product,
        version=version.id,
        number=version.number,
        owner=by.label,
        access=access.id,
        asked=asked,
        accepted=_accepted(work, version, by),
        items=items,
        state=RECEIVED,
        due=clock.text(work.now + patience()),
    )
    if lifecycle.is_active(record.card_of(access), work.now):
        card["due"] = clock.text(work.now + HEAL_AFTER)
    if record.card_of(access)["status"] == "rejected":
        card["state"], card["message"] = REJECTED, "a rule of the product rejects the request"
        del card["due"]
    views = {wanted.dialect: {"order": wanted.view, "items": {i["id"]: w.view for i, w in zip(items, wanted.items)}}}  # noqa: B905 - made from each other
    made = work.new_id(KIND)
    work.notice("order.placed", id=made, product=card["product"], version=card["number"], by=by.label)
    return keep(work, made, card, views)


def may_deliver(work: Work, card: OrderCard) -> bool:
    """The access that the order rests on is active."""
    access = work.find(ACCESS, card["access"])
    return access is not None and lifecycle.is_active(record.card_of(access), work.now)


def patience() -> timedelta:
    """How long an order waits for an approval, or for an external system: `SOUK_ORDER_TIMEOUT_DAYS`, else 30 days."""
    return timedelta(days=float(os.environ.get("SOUK_ORDER_TIMEOUT_DAYS") or _DEFAULT_DAYS))


def _items(work: Work, version: Version, wanted: Wanted, by: Principal) -> list[Item]:
    parts = {part_uuid(version.product, port): port for port in version.card["ports"]}
    problems = [f"items: {one.asset!r} is no part of this version" for one in wanted.items if one.asset not in parts]
    if problems:
        raise Invalid(problems[0], problems)
    return [_item(work, one, parts[one.asset], by) for one in wanted.items]


def _item(work: Work, wanted: WantedItem, port: Port, by: Principal) -> Item:
    offered = port.get("delivery_methods")
    choice = list(DEFAULT) if offered is None else offered
    method = wanted.method or (choice[0] if choice else "")
    if method and method not in choice:
        raise Invalid(f"items: the part {wanted.asset!r} does not offer the delivery method {method!r}")
    return Item(
        id=str(uuid4()),
        asset=wanted.asset,
        port=port["id"],
        method=method,
        way=_WAYS.get(method, UNKNOWN) if method else "",
        given=wanted.given,
        state="received",
        moved=clock.text(work.now),
        by=by.label,
        outputs=[],
    )


def _access(work: Work, product: str, wanted: Wanted, by: Principal) -> tuple[Record, bool]:
    """The standing access of whoever orders, or a new request, judged at once as in every door."""
    subject: Subject = {"user": user_key(by.label)} if by.kind == "user" else {"service": by.label}
    asked = Asked(subject, {"product": product}, wanted.dialect, purpose=wanted.name, start_on_approval=True)
    past, made = past_and_next(work, asked, lambda made: [*keys_of(made, asked), *rendering_keys(made)])
    standing = [found for found in past if not lifecycle.is_over(record.card_of(found), work.now)]
    if standing:
        work.unchanged(standing[-1])
        return standing[-1], False
    if work.find("product", product) is None:
        raise NotFound(f"data product {product!r} does not exist", kind="product", id=product)
    return create(work, made, asked, by), True


def _accepted(work: Work, version: Version, by: Principal) -> Accepted:
    documents = [
        {
            "id": one["id"],
            "type": one["type"],
            "name": one["name"],
            "of": one.get("url") or one.get("attachment", {}).get("etag", ""),
        }
        for one in version.terms["documents"]
    ]
    return Accepted(at=clock.text(work.now), by=by.label, terms=version.terms["id"], documents=documents)
