"""First step of a delivery: the order is ready, and what is left to deliver is known."""

from __future__ import annotations

from typing import Any

from souk.orders.delivering import prepare
from souk.store.connect import connect
from souk.work import run


def handler(event: dict[str, Any], _context: Any = None) -> list[dict[str, str]]:
    """The items that are not settled yet, each with its way. Raises Conflict when the order is not approved."""
    return run(connect(), lambda work: prepare(work, event["order"]))
