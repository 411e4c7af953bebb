"""After an item could not be delivered: it says why, and the others go on."""

from __future__ import annotations

from typing import Any

from souk.orders.delivering import fail_item
from souk.store.connect import connect
from souk.work import run
from steps.failing import failure_of


def handler(event: dict[str, Any], _context: Any = None) -> None:
    """`event` holds what the machine caught as `error`."""
    reason = "; ".join(failure_of(event["error"], "delivery").reasons)
    run(connect(), lambda work: fail_item(work, event["order"], event["item"], reason))
