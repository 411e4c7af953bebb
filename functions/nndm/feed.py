"""The event feed (contract section 7.3). It answers at once, whatever `longPolling` or `timeout` ask for: waiting in a
function costs as much as working in it, and clients pause by themselves.
"""

from __future__ import annotations

from typing import Any

from souk.errors import NotFound
from souk.events.cloudevent import render
from souk.events.feed import read_feed
from souk.events.ids import event_id, position_of
from souk.store.connect import connect

BATCH = "application/cloudevents-batch+json"


def events_after(last_event_id: str | None) -> list[dict[str, Any]]:
    """Up to 1000 CloudEvents behind this one, or from the first on. Raises NotFound for an id of no event."""
    after = None
    if last_event_id:
        after = position_of(last_event_id)
        if after is None:
            raise NotFound(f"event {last_event_id[:80]!r} does not exist", kind="event", id=last_event_id[:80])
    return [render(event, event_id(*position)) for position, event in read_feed(connect(), after)]
