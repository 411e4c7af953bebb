"""Puts notices on the bus."""

from __future__ import annotations

from typing import Any

from souk.bus import connect as bus
from souk.events import relay
from souk.events.streams import waiting_notices
from souk.store import connect as store


def handler(event: dict[str, Any], _context: Any = None) -> None:
    """Fed by the outbox stream. An error makes the stream deliver the same notices again, under the same ids."""
    relay.relay_notices(bus.connect(), store.connect(), waiting_notices(event))
