"""Delivers one item by copying it to the consumer's bucket, under a role that may do that."""

from __future__ import annotations

from typing import Any

from souk.orders.delivering import deliver_item
from souk.store.connect import connect


def handler(event: dict[str, Any], _context: Any = None) -> None:
    """A repeat writes the same object again."""
    deliver_item(connect(), event["order"], event["item"])
