"""Gives waiting events their place in the log."""

from __future__ import annotations

from typing import Any

from souk.events.sequencer import sequence
from souk.events.streams import waiting_events
from souk.store.connect import connect


def handler(event: dict[str, Any], _context: Any = None) -> None:
    """Fed by the outbox stream, in its order. An error makes the stream deliver the same items again."""
    sequence(connect(), waiting_events(event))
