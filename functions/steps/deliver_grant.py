"""Delivers one item by a grant on a table, under a role that may grant."""

from __future__ import annotations

from typing import Any

from souk.orders.delivering import deliver_item
from souk.store.connect import connect


def handler(event: dict[str, Any], _context: Any = None) -> None:
    """A repeat grants what is granted already."""
    deliver_item(connect(), event["order"], event["item"])
