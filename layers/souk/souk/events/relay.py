"""Puts events and notices on the bus: at least once, under the same ids whenever it happens again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from souk import jsontext
from souk.bus.port import MAX_DETAIL, Bus, Message
from souk.events import cloudevent
from souk.events.ids import event_id, notice_id
from souk.events.names import is_told
from souk.events.requests import retold
from souk.store.port import EventStore, LogBatch, OutboxItem

Render = Callable[[dict[str, Any], str], dict[str, Any]]


def relay_batches(bus: Bus, batches: Iterable[LogBatch], render: Render = cloudevent.render) -> int:
    """Put the events of these batches on the bus, in order. Returns how many. Raises errors.Busy and errors.Failed."""
    messages = [
        message
        for number, events in batches
        for index, event in enumerate(events)
        if is_told(event)
        for message in _messages(event, event_id(number, index, index == len(events) - 1), render)
    ]
    bus.put(messages)
    return len(messages)


def relay_notices(bus: Bus, store: EventStore, items: Iterable[OutboxItem], render: Render = cloudevent.render) -> int:
    """Put notices on the bus, then forget them. Returns how many. Raises errors.Busy and errors.Failed."""
    taken = list(items)
    messages = [
        message
        for item in taken
        for index, notice in enumerate(item.events)
        for message in _messages(notice, notice_id(item.id, index), render)
    ]
    bus.put(messages)
    store.forget_notices([item.id for item in taken])
    return len(messages)


def _messages(event: dict[str, Any], identity: str, render: Render) -> list[Message]:
    """The event under its name, and under the second name that it has for some subscribers."""
    envelope = render(event, identity)
    second = [Message(name, _detail(retold(name, event, envelope))) for name in cloudevent.second_names(event)]
    return [Message(cloudevent.name(event), _detail(envelope)), *second]


def _detail(envelope: dict[str, Any]) -> str:
    detail = jsontext.dump(envelope)
    return (detail if len(detail) <= MAX_DETAIL else jsontext.dump(cloudevent.shortened(envelope))).decode()
