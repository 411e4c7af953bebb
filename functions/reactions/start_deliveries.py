"""Starts, ends or takes back orders when the access that they rest on was decided, in whichever door."""

from __future__ import annotations

from typing import Any

from souk.orders.following import follow_access
from souk.store.connect import connect


def handler(event: dict[str, Any], _context: Any = None) -> int:
    """Fed by the bus with events of accesses. A repeat does nothing more. Raises Failed: the bus tries again."""
    return follow_access(connect(), event["detail"]["data"]["id"])
