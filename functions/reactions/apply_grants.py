"""Brings grants in line with an access that began, changed or ended, or whose grant is due."""

from __future__ import annotations

from typing import Any

from souk.access.granting import apply_access
from souk.ids import record_key
from souk.store.connect import connect


def handler(event: dict[str, Any], _context: Any = None) -> None:
    """Fed by the bus. The event only says where to look; an error makes it come again."""
    told = event["detail"]
    due = event["detail-type"] == "grant.due"
    apply_access(connect(), told["data"]["key"] if due else record_key("access", told["subject"]), anew=due)
