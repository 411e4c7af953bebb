"""Puts the events of the log on the bus."""

from __future__ import annotations

from typing import Any

from souk.bus.connect import connect
from souk.events.relay import relay_batches
from souk.events.streams import log_batches


def handler(event: dict[str, Any], _context: Any = None) -> None:
    """Fed by the log stream. An error makes the stream deliver the same batches again, under the same ids."""
    relay_batches(connect(), log_batches(event))
