"""What an order record holds, and in which lists it stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal, NotRequired, TypedDict, cast

from souk import clock, jsontext
from souk.access.model import short
from souk.store.port import Entry, Record
from souk.work import Work

KIND = "order"
OUTPUT = "output"

RECEIVED = "received"
READY = "ready_to_deliver"
SUCCEEDED = "succeeded"
FAILED = "failed"
PARTIAL = "partially_delivered"
REJECTED = "rejected"
CANCELED = "canceled"
REVOKED = "revoked"
OPEN = frozenset({RECEIVED, READY})
"""States of an order that is not over."""
ENDED = frozenset({REJECTED, CANCELED, REVOKED})

ItemState = Literal["received", "in_progress", "delivered", "failed", "revoked"]
SETTLED = frozenset({"delivered", "failed", "revoked"})
MAX_ITEMS = 200
HEAL_AFTER = timedelta(minutes=3)
"""What has not moved for so long is taken up again by the sweep."""


class Item(TypedDict):
    """One part that is ordered. `way` is the word of its delivery method, "" for a part that is only granted."""

    id: str
    asset: str
    port: str
    method: str
    way: str
    given: dict[str, Any]
    """What the consumer said of the target: a bucket, a principal."""
    state: ItemState
    moved: str
    by: str
    outputs: list[str]
    reason: NotRequired[str]
    receipt: NotRequired[dict[str, Any]]
    """What taking the delivery back needs to know."""


class Accepted(TypedDict):
    """The contract terms that were accepted by ordering, document by document. `of` is a link or an ETag."""

    at: str
    by: str
    terms: str
    documents: list[dict[str, str]]


class OrderCard(TypedDict):
    """The `card` of an order. `owner` is the label of whoever ordered; `asked`: the order made its access request."""

    name: str
    description: str
    product: str
    version: str
    number: str
    owner: str
    access: str
    asked: bool
    accepted: Accepted
    items: list[Item]
    state: str
    due: NotRequired[str]
    """Instant at which the sweep looks at the order again."""
    message: NotRequired[str]


class OutputCard(TypedDict):
    """The `card` of an output: what a delivery gave to the consumer. `kind`: url, object, table, external."""

    order: str
    item: str
    product: str
    owner: str
    name: str
    kind: str
    url: NotRequired[str]
    bucket: NotRequired[str]
    key: NotRequired[str]
    table: NotRequired[dict[str, str]]
    told: NotRequired[Any]
    """What an external system reported."""


def card_of(record: Record) -> OrderCard:
    """A copy of the order's card, to be changed and kept. Items are copies too."""
    card = cast(OrderCard, dict(record.body["card"]))
    card["items"] = [cast(Item, dict(item)) for item in card["items"]]
    return card


def item_of(card: OrderCard, item_id: str) -> Item | None:
    """The item with this id, or None."""
    return next((item for item in card["items"] if item["id"] == item_id), None)


def by_owner(label: str) -> str:
    """The list of somebody's orders, by creation."""
    return f"{KIND}/by-owner/{short(label)}"


def by_version(version: str) -> str:
    """The list of the orders of a release, by creation."""
    return f"{KIND}/by-version/{version}"


def by_product(product: str) -> str:
    """The list of the orders of a product, by creation."""
    return f"{KIND}/by-product/{short(product)}"


def by_access(access: str) -> str:
    """The list of the orders that rest on an access."""
    return f"{KIND}/by-access/{short(access)}"


def keep(work: Work, order_id: str, card: OrderCard, views: dict[str, Any]) -> Record:
    """Stage the order with its places in lists. An entry's view tells state, owner, release and product."""
    live = work.find(KIND, order_id)
    created = live.created if live else clock.text(work.now)
    told = {"s": card["state"], "o": card["owner"][:200], "a": card["version"], "p": card["product"][:200]}
    view = jsontext.dump(told).decode()
    names = (KIND, by_owner(card["owner"]), by_version(card["version"]), by_product(card["product"]))
    entries = [Entry(name, created, view) for name in (*names, by_access(card["access"]))]
    if "due" in card:
        entries.append(Entry("due", card["due"], KIND))
    return work.save(KIND, order_id, {"card": card, "views": views}, lists=entries, listed=False)
