"""Puts events and notices on the bus: at least once, under the same ids whenever it happens again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from souk import jsontext
from souk.bus.port import MAX_DETAIL, Bus, Message
from souk.events import cloudevent
from souk.events.ids import event_id, notice_id
from souk.store.port import EventStore, LogBatch, OutboxItem

Render = Callable[[dict[str, Any], str], dict[str, Any]]


def relay_batches(bus: Bus, batches: Iterable[LogBatch], render: Render = cloudevent.render) -> int:
    """Put the events of these batches on the bus, in order. Returns how many. Raises errors.Busy and errors.Failed."""
    messages = [
        _message(event, event_id(number, index, index == len(events) - 1), render)
        for number, events in batches
        for index, event in enumerate(events)
    ]
    bus.put(messages)
    return len(messages)


def relay_notices(bus: Bus, store: EventStore, items: Iterable[OutboxItem], render: Render = cloudevent.render) -> int:
    """Put notices on the bus, then forget them. Returns how many. Raises errors.Busy and errors.Failed."""
    taken = list(items)
    messages = [
        _message(notice, notice_id(item.id, index), render)
        for item in taken
        for index, notice in enumerate(item.events)
    ]
    bus.put(messages)
    store.forget_notices([item.id for item in taken])
    return len(messages)


def _message(event: dict[str, Any], identity: str, render: Render) -> Message:
    envelope = render(event, identity)
    detail = jsontext.dump(envelope)
    if len(detail) > MAX_DETAIL:
        detail = jsontext.dump(cloudevent.shortened(envelope))
    return Message(cloudevent.name(event), detail.decode())
