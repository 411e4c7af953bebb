"""How each delivery method delivers, and how a delivery is taken back. Every way may be gone twice with one effect."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from souk.documents import lake, transfers
from souk.errors import Invalid
from souk.orders.model import Item, OrderCard, OutputCard
from souk.orders.sources import Source

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\Z")
_PRINCIPAL = re.compile(r"(arn:[a-z-]+:iam::[0-9]{12}:(role|user)/[\w+=,.@/-]{1,512}|[0-9]{12})\Z")
_NAME = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a way has done. `waits`: an external system delivers, and reports later."""

    outputs: tuple[dict[str, Any], ...] = ()
    receipt: dict[str, Any] = field(default_factory=dict)
    waits: bool = False


Deliver = Callable[[str, OrderCard, Item, Source], Delivered]
Undo = Callable[[dict[str, Any]], None]


def deliver(order_id: str, card: OrderCard, item: Item, source: Source) -> Delivered:
    """Carry out the item's delivery. Raises Invalid (cannot be delivered so), Failed (try again)."""
    way = _WAYS.get(item["way"])
    if way is None:
        raise Invalid(f"nothing here delivers by the method {item['method']!r}")
    return way(order_id, card, item, source)


def undo(item: Item) -> None:
    """Take back what was delivered: repeats do nothing. Raises Failed."""
    receipt = item.get("receipt", {})
    if item["way"] == "copy_to_bucket" and receipt:
        transfers.remove_copy(receipt["bucket"], receipt["key"], receipt["etag"])
    if item["way"] == "lake_grant" and receipt:
        lake.revoke(receipt["principal"], receipt["database"], receipt["table"])


def _grant_only(_order: str, _card: OrderCard, _item: Item, _source: Source) -> Delivered:
    return Delivered()


def _open_url(_order: str, _card: OrderCard, _item: Item, source: Source) -> Delivered:
    """The link itself; it is never fetched."""
    if not source.url:
        raise Invalid("the part has no address that can be opened")
    return Delivered(({"name": source.name, "kind": "url", "url": source.url},))


def _download(_order: str, _card: OrderCard, _item: Item, source: Source) -> Delivered:
    """The place of the object. Whoever reads the output gets a fresh link, as long as they have access."""
    if source.url:
        return Delivered(({"name": source.name, "kind": "url", "url": source.url},))
    if not source.key:
        raise Invalid("the part has no file to download")
    if transfers.size_of(source.bucket, source.key) is None:
        raise Invalid("the file of the part does not exist")
    place = {"bucket": source.bucket, "key": source.key}
    return Delivered(({"name": source.name, "kind": "object", **place},))


def _copy(order_id: str, _card: OrderCard, item: Item, source: Source) -> Delivered:
    """A copy below a prefix of the order's own, so that no object of the consumer is overwritten."""
    bucket, prefix = str(item["given"].get("bucket", "")), str(item["given"].get("prefix", "")).strip("/")
    if not _BUCKET.match(bucket) or len(prefix) > 500 or transfers.is_ours(bucket):
        raise Invalid("name a bucket of your own, and a prefix if you like, to copy to")
    if not source.key:
        raise Invalid("the part has no file to copy")
    file = _NAME.sub("-", source.key.rpartition("/")[2]) or "data"
    key = "/".join(one for one in (prefix, order_id, item["id"], file) if one)
    etag = transfers.copy(source.bucket, source.key, bucket, key)
    place = {"bucket": bucket, "key": key}
    return Delivered(({"name": source.name, "kind": "copy", **place},), {**place, "etag": etag})


def _lake_grant(_order: str, _card: OrderCard, item: Item, source: Source) -> Delivered:
    principal = str(item["given"].get("principal", ""))
    if not _PRINCIPAL.match(principal):
        raise Invalid("name the principal to grant to: the ARN of a role or user, or an account")
    if source.table is None:
        raise Invalid("the part is no table of the data catalog")
    database, table = source.table
    lake.grant(principal, database, table)
    receipt = {"principal": principal, "database": database, "table": table}
    return Delivered(({"name": source.name, "kind": "table", "table": {"database": database, "name": table}},), receipt)


def _external(_order: str, _card: OrderCard, _item: Item, _source: Source) -> Delivered:
    return Delivered(waits=True)


_WAYS: dict[str, Deliver] = {
    "": _grant_only,
    "open_url": _open_url,
    "download": _download,
    "copy_to_bucket": _copy,
    "lake_grant": _lake_grant,
    "external": _external,
}


def output_card(order_id: str, card: OrderCard, item: Item, told: dict[str, Any]) -> OutputCard:
    """The record of an output."""
    own: Any = {"order": order_id, "item": item["id"], "product": card["product"], "owner": card["owner"], **told}
    made: OutputCard = own
    return made
