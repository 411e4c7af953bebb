"""The bus on EventBridge."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from souk.bus.port import Message
from souk.errors import Busy
from souk.store.calls import call, pause
from souk.store.clients import client

SOURCE = "souk"
_MAX_ENTRIES = 10
_MAX_BYTES = 256 * 1024
_ENTRY_OVERHEAD = 64
_ATTEMPTS = 6


def _over_http(**arguments: Any) -> Any:
    return call(client("events").put_events, **arguments)


class EventBridge:
    """Puts messages on the bus of this name.

    `put_events` takes and gives what the client's method of that name does; by default it is that, over HTTP.
    """

    def __init__(self, bus: str, put_events: Callable[..., Any] = _over_http) -> None:
        self._bus, self._put_events = bus, put_events

    @classmethod
    def from_environment(cls) -> EventBridge:
        """The bus that `SOUK_BUS` names. Raises KeyError without it."""
        return cls(os.environ["SOUK_BUS"])

    def put(self, messages: Sequence[Message]) -> None:
        """See the port. What EventBridge refuses is sent again, and nothing else."""
        for group in _groups(messages):
            self._put_group([self._entry(message) for message in group])

    def _put_group(self, entries: list[dict[str, Any]]) -> None:
        for attempt in range(_ATTEMPTS):
            answer = self._put_events(Entries=entries)
            if not answer.get("FailedEntryCount"):
                return
            results = answer["Entries"]
            entries = [entry for entry, result in zip(entries, results, strict=True) if result.get("ErrorCode")]
            pause(attempt)
        raise Busy(f"the bus refused {len(entries)} events; send them again")

    def _entry(self, message: Message) -> dict[str, Any]:
        return {"Source": SOURCE, "DetailType": message.name, "Detail": message.detail, "EventBusName": self._bus}


def _groups(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """Neighbours that fit into one call, by number and by size."""
    group: list[Message] = []
    size = 0
    for message in messages:
        more = len(message.detail.encode()) + len(message.name) + _ENTRY_OVERHEAD
        if group and (len(group) == _MAX_ENTRIES or size + more > _MAX_BYTES):
            yield group
            group, size = [], 0
        group.append(message)
        size += more
    if group:
        yield group
