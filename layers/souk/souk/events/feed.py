"""The feed: the log read strictly forward, event by event."""

from __future__ import annotations

from typing import Any

from souk.events.ids import Position
from souk.store.port import EventStore

MAX_EVENTS = 1000
"""Events of one page."""
_FIRST_STEP = 16
_LONGEST_STEP = 1000


def read_feed(
    store: EventStore, after: tuple[int, int] | Position | None, limit: int = MAX_EVENTS
) -> list[tuple[Position, dict[str, Any]]]:
    """The events behind a position (None: from the first on), oldest first: exactly `limit` unless the log ends.

    Consistent, without holes, and as quick at the end of a long log as of a short one. Ids are `event_id(*position)`.
    Raises errors.Busy and errors.Failed.
    """
    start = Position(*after) if after is not None else Position(0, 0, last=True)
    behind = start.number if start.last else start.number - 1
    found: list[tuple[Position, dict[str, Any]]] = []
    step = min(_FIRST_STEP, limit)
    while len(found) < limit:
        batches = store.read_log(behind, step)
        for batch in batches:
            final = len(batch.events) - 1
            for index, event in enumerate(batch.events):
                if batch.number > start.number or index > start.place:
                    found.append((Position(batch.number, index, index == final), event))
        if len(batches) < step:
            break
        behind = batches[-1].number
        step = _next_step(limit - len(found), len(found), behind - start.number)
    return found[:limit]


def _next_step(wanted: int, found: int, batches: int) -> int:
    """How many batches probably hold the events that are still wanted."""
    each = max(1.0, found / max(1, batches))
    return max(1, min(_LONGEST_STEP, round(wanted / each) + 1))
