"""Delivers one item by a link, by access alone, or by asking an external system."""

from __future__ import annotations

from typing import Any

from souk.orders.delivering import deliver_item
from souk.store.connect import connect


def handler(event: dict[str, Any], _context: Any = None) -> None:
    """Safe to repeat: an item that is settled is left alone."""
    deliver_item(connect(), event["order"], event["item"])
