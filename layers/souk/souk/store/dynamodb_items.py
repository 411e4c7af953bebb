"""The items of the tables, as docs/architecture.md lays them out, in the low-level client's form."""

from __future__ import annotations

from typing import Any, NamedTuple

from souk.store.port import Listed

Item = dict[str, dict[str, Any]]

EVENT, NOTICE, LOG = "event", "notice", "log"
"""Partitions of the outbox and of the log."""
LARGE = "g#"
"""Partition of the markers: records of which a body was spilled or superseded, by time."""


class Tables(NamedTuple):
    """Names of the three tables and of the bucket."""

    entities: str
    outbox: str
    log: str
    bucket: str


def at(pk: str, sk: str = "-") -> Item:
    """The key of an item."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def record_at(key: str) -> Item:
    """The key of a record's item."""
    return at(f"r#{key}")


def counter_at(key: str) -> Item:
    """The key of the item that counts the references to a record."""
    return at(f"n#{key}")


def place_at(list_name: str, sort: str, key: str) -> Item:
    """The key of an entry or a line. NUL sorts before everything, so order is by sort text, then by key."""
    return at(f"l#{list_name}", f"{sort}\0{key}")


def listed(item: Item) -> Listed:
    """The entry that an item holds."""
    sort, _, key = item["sk"]["S"].partition("\0")
    return Listed(key, sort, item["w"]["S"])
