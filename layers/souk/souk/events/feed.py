"""The feed: the log read strictly forward, event by event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from souk.events.ids import Position
from souk.events.names import is_told
from souk.store.port import EventStore, LogBatch

MAX_EVENTS = 1000
"""Events of one page."""
_FIRST_STEP = 16
_LONGEST_STEP = 1000
_GROWTH = 8


def read_feed(
    store: EventStore, after: tuple[int, int] | Position | None, limit: int = MAX_EVENTS
) -> list[tuple[Position, dict[str, Any]]]:
    """The events behind a position (None: from the first on), oldest first: exactly `limit` unless the log ends.

    Consistent, without holes, and as quick at the end of a long log as of a short one. Kinds that are not told
    (`names.LATER_EVENTS`) are passed over. Ids are `event_id(*position)`. Raises errors.Busy and errors.Failed.
    """
    start = Position(*after) if after is not None else Position(0, 0, last=True)
    behind = start.number if start.last else start.number - 1
    found: list[tuple[Position, dict[str, Any]]] = []
    step, read = min(_FIRST_STEP, limit), 0
    while len(found) < limit:
        batches = store.read_log(behind, step)
        found += [placed for placed in _behind(start, batches) if is_told(placed[1])]
        if len(batches) < step:
            break
        behind, read = batches[-1].number, read + step
        step = _next_step(limit - len(found), len(found) / read, step)
    return found[:limit]


def _behind(start: Position, batches: list[LogBatch]) -> Iterator[tuple[Position, dict[str, Any]]]:
    for number, events in batches:
        for place, event in enumerate(events):
            if number > start.number or place > start.place:
                yield Position(number, place, place == len(events) - 1), event


def _next_step(wanted: int, each: float, step: int) -> int:
    """How many batches probably hold what is still wanted. It grows slowly: the next batches may be large."""
    return min(round(wanted / max(1.0, each)) + 1, _GROWTH * step, _LONGEST_STEP)
