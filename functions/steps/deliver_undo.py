"""Takes back what was delivered under an order that is over."""

from __future__ import annotations

from typing import Any

from souk.orders.delivering import take_back
from souk.store.connect import connect


def handler(event: dict[str, Any], _context: Any = None) -> None:
    """Safe to repeat: what was taken back is left alone."""
    take_back(connect(), event["order"])
