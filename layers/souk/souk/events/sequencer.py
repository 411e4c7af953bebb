"""The sequencer gives waiting events their place in the log: no holes, no doubles, nothing skipped.

A batch of outbox items becomes the next log item and leaves the outbox, as if both were one (the store's `append`).
Whatever is repeated, or done by two sequencers at once, therefore happens once. On an error it raises, and whoever
calls it tries again for ever: to skip an item would break the order.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from souk import clock
from souk.errors import Busy
from souk.events.names import TWINS
from souk.store import codec
from souk.store.limits import MAX_EVENTS, MAX_SEQUENCED
from souk.store.port import EventStore, LogBatch, OutboxItem, PositionTaken

_FRUITLESS = 20
"""Attempts without any progress after which something else is wrong."""
_READ_AT_ONCE = 4 * MAX_SEQUENCED


class _Head:
    """The end of the log as this sequencer knows it."""

    def __init__(self, store: EventStore) -> None:
        newest = store.last_batch()
        self.number = newest.number if newest else 0
        self.logged: str = newest.events[-1]["logged"] if newest else ""

    def batch(self, items: list[OutboxItem]) -> LogBatch:
        """The next batch. `logged` never runs backwards along the log."""
        events: list[dict[str, Any]] = []
        logged = self.logged
        for item in items:
            for event in _with_twins(item.events):
                logged = max(logged, event["time"])
                events.append({**event, "logged": logged})
        return LogBatch(self.number + 1, events)

    def move_behind(self, batch: LogBatch) -> None:
        """This batch is the newest now."""
        self.number, self.logged = batch.number, batch.events[-1]["logged"]


def sequence(store: EventStore, items: Iterable[OutboxItem]) -> int:
    """Give these items their place, in this order, unless they have it already. Returns how many got theirs here.

    What waits and was committed before one of them is placed as well, all as they were committed: a delivery may
    have overtaken another. Two sequencers that write the very same batch at the same moment may both count it; it is
    written once. Raises errors.Busy and errors.Failed; the same items may then be given again.
    """
    waiting = list({item.id: item for item in items}.values())
    if not waiting:
        return 0
    head, placed, fruitless = _Head(store), 0, 0
    while waiting:
        some = _fitting(waiting)
        batch = head.batch(some)
        try:
            store.append(batch, [item.id for item in some], {item.id for item in waiting[len(some) :]})
        except PositionTaken as taken:
            waiting = [item for item in waiting if item.id not in taken.gone]
            waiting = _with_overlooked(store, waiting) if taken.overlooked else waiting
            before, head = head.number, _Head(store)
            fruitless = 0 if taken.gone or head.number > before else fruitless + 1
            if fruitless > _FRUITLESS:
                raise Busy("the end of the log cannot be written") from taken
        else:
            head.move_behind(batch)
            waiting = waiting[len(some) :]
            placed += len(some)
    return placed


class Waiting(NamedTuple):
    """How many commits wait for their place in the log (at most a hundred are counted), and the oldest for how long."""

    commits: int
    seconds: float


def waiting(store: EventStore) -> Waiting:
    """What waits in the outbox now."""
    found = store.pending(100)
    first = next((event["time"] for item in found for event in item.events), None)
    age = (clock.now() - clock.parse(first)).total_seconds() if first else 0.0
    return Waiting(len(found), max(0.0, age))


def drain(store: EventStore) -> int:
    """Sequence what waits in the outbox until nothing does. Returns how many items got their place here."""
    placed = 0
    while items := store.pending(_READ_AT_ONCE):
        placed += sequence(store, items)
    return placed


def _with_twins(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events, each followed by its twin if its kind has one. Both get places, whoever may come to read them."""
    told = []
    for event in events:
        told.append(event)
        if event.get("kind") in TWINS:
            told.append({**event, "kind": TWINS[event["kind"]]})
    return told


def _with_overlooked(store: EventStore, known: list[OutboxItem]) -> list[OutboxItem]:
    """The oldest that wait, up to the newest known one among them, and what is known besides."""
    oldest, ids = store.pending(_READ_AT_ONCE), {item.id for item in known}
    newest = max((place for place, item in enumerate(oldest) if item.id in ids), default=len(oldest))
    first = oldest[: newest + 1]
    return [*first, *(item for item in known if item not in first)]


def _fitting(waiting: list[OutboxItem]) -> list[OutboxItem]:
    """As many of the first items as one log item holds, by number and by size; at least one."""
    some = waiting[:MAX_SEQUENCED]
    if sum(len(codec.encode_for_now(_with_twins(item.events))) for item in some) <= MAX_EVENTS:
        return some  # nearly always: nothing is compressed only to be measured
    size = 0
    for count, item in enumerate(some):
        size += len(codec.encode_batch(_with_twins(item.events)))
        if size > MAX_EVENTS and count:
            return some[:count]
    return some
