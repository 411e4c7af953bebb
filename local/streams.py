"""Feeds functions from streams: one reader for each mapping of the templates, each on a thread of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from local.delivery import DeadLetter, Delivery, Stopped
from local.executor import Executor
from local.patterns import matches_any
from local.positions import Positions
from local.sources import Chain, LogSource, NewInLog, OutboxSource, Record, Source, StreamSource
from local.templates import Application, Function, StreamMapping

_log = logging.getLogger("local.streams")
_PAUSE_AFTER_FAULT = 1.0
_READ_AHEAD = 10
"""Batches that are read at once, and then delivered one by one."""


class Pace(NamedTuple):
    """Seconds between looks while nothing happens; between reads while much does, so that batches fill; and how long
    a reader rests, as a multiple of the time that the delivery took, so that requests come first.
    """

    idle: float
    gather: float
    rest: float


SEQUENCING = Pace(idle=0.2, gather=0.03, rest=0.0)
RELAYING = Pace(idle=0.3, gather=0.2, rest=2.0)
SAMPLES = {pk: {"eventName": "INSERT", "dynamodb": {"Keys": {"pk": {"S": pk}}}} for pk in ("event", "notice")}


class Reader(threading.Thread):
    """Reads one source and delivers what passes the mapping's filters, until `stop` is set."""

    def __init__(
        self, name: str, source: Source, mapping: StreamMapping, delivery: Delivery, stop: threading.Event, pace: Pace
    ) -> None:
        super().__init__(name=f"stream-{name}", daemon=True)
        self.woken = threading.Event()
        self.took = 0.0
        self._source, self._mapping, self._delivery = source, mapping, delivery
        self._stop_asked, self._pace = stop, pace

    def run(self) -> None:
        """Go on for ever: a fault of the store or the emulator is waited out."""
        while not self._stop_asked.is_set():
            try:
                busy = self.step()
            except Stopped:
                return
            except Exception as error:  # noqa: BLE001 - a reader that dies would stall the stream
                if not self._stop_asked.wait(_PAUSE_AFTER_FAULT):
                    _log.error("%s: %s", self.name, type(error).__name__)
                continue
            if not busy and not self.woken.wait(self._pace.idle):
                continue
            self._stop_asked.wait(max(self._pace.gather, self._pace.rest * self.took))
            self.woken.clear()

    def step(self) -> bool:
        """Read and deliver once. False when nothing waited."""
        records = self._source.read(self._mapping.batch_size * _READ_AHEAD)
        began = time.monotonic()
        for at in range(0, len(records), self._mapping.batch_size):
            batch = records[at : at + self._mapping.batch_size]
            chosen = [record for record in batch if matches_any(self._mapping.patterns, record)]
            if chosen:
                self._delivery.deliver(chosen)
        if records:
            self._source.taken(records)
        self.took = time.monotonic() - began
        return bool(records)


class Streams:
    """All readers of a run. `left_in_store`: what the store holds from earlier is delivered first."""

    def __init__(
        self, engine: str, positions: Positions, client_of: Callable[[str], Any], *, left_in_store: bool = True
    ) -> None:
        self._engine, self._positions, self._client_of = engine, positions, client_of
        self._left_in_store = left_in_store
        self._stop = threading.Event()
        self._readers: list[Reader] = []

    def start(self, application: Application, executor: Executor, dead_letter: DeadLetter) -> None:
        """Begin to read for every function that a stream feeds."""
        tables = application.environment()
        for function in application.functions:
            for mapping in function.streams:
                delivery = Delivery(executor, function, mapping, dead_letter, self._stop)
                source = self._source(function, mapping, tables)
                pace = RELAYING if mapping.table == tables.get("SOUK_LOG_TABLE") else SEQUENCING
                self._readers.append(Reader(function.logical, source, mapping, delivery, self._stop, pace))
        for reader in self._readers:
            reader.start()

    def wake(self) -> None:
        """Something may have been written: look at once. Cheap; called after each write request."""
        for reader in self._readers:
            if not reader.woken.is_set():
                reader.woken.set()

    def stop(self) -> None:
        """End all readers and keep the positions."""
        self._stop.set()
        self.wake()
        for reader in self._readers:
            reader.join(5)
        self._positions.save()

    def _source(self, function: Function, mapping: StreamMapping, tables: dict[str, str]) -> Source:
        if self._engine == "embedded":
            return self._left(function, mapping, tables)
        stream: Source = StreamSource(self._client_of("dynamodbstreams"), mapping.table)
        if mapping.table == tables.get("SOUK_LOG_TABLE"):
            stream = NewInLog(stream, self._positions, function.name)
        return Chain(self._left(function, mapping, tables), stream) if self._left_in_store else stream

    def _left(self, function: Function, mapping: StreamMapping, tables: dict[str, str]) -> Source:
        """What the store itself holds for this function: its part of the outbox, or the log."""
        from souk.store.connect import connect

        store = connect()
        if mapping.table == tables.get("SOUK_LOG_TABLE"):
            last = store.last_batch()
            self._positions.limit(function.name, last.number if last else 0)
            return LogSource(store.read_log, as_records, self._positions, function.name)
        if matches_any(mapping.patterns, SAMPLES["event"]):
            return OutboxSource(store.pending, as_records)
        return OutboxSource(store.pending_notices, as_records)


def as_records(items: Sequence[Any]) -> list[Record]:
    """Outbox items or log batches as the records of a stream event. Their stream is named as their partition."""
    from souk.events.streams import as_stream_event

    records: list[Record] = as_stream_event(items)["Records"]
    return [{**record, "eventSourceARN": record["dynamodb"]["Keys"]["pk"]["S"]} for record in records]
