"""Feeds functions from streams: one reader for each mapping of the templates, each on a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

from local.delivery import DeadLetter, Delivery, Stopped
from local.executor import Executor
from local.patterns import matches_any
from local.positions import Positions
from local.sources import Chain, LogSource, NewInLog, OutboxSource, Record, Source, StreamSource
from local.templates import Application, Function, StreamMapping

_log = logging.getLogger("local.streams")
_IDLE_SECONDS = {"embedded": 0.2, "aws": 0.5}
_GATHER_SECONDS = 0.02
_PAUSE_AFTER_FAULT = 1.0
SAMPLES = {pk: {"eventName": "INSERT", "dynamodb": {"Keys": {"pk": {"S": pk}}}} for pk in ("event", "notice")}


class Reader(threading.Thread):
    """Reads one source and delivers what passes the mapping's filters, until `stop` is set."""

    def __init__(
        self, name: str, source: Source, mapping: StreamMapping, delivery: Delivery, stop: threading.Event, idle: float
    ) -> None:
        super().__init__(name=f"stream-{name}", daemon=True)
        self.woken = threading.Event()
        self._source, self._mapping, self._delivery = source, mapping, delivery
        self._stop_asked, self._idle = stop, idle

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
            if not busy and self.woken.wait(self._idle):
                self._stop_asked.wait(_GATHER_SECONDS)  # a few more writes may come; they go into the same batch
                self.woken.clear()

    def step(self) -> bool:
        """Read and deliver once. False when nothing waited."""
        records = self._source.read(self._mapping.batch_size)
        chosen = [record for record in records if matches_any(self._mapping.patterns, record)]
        if chosen:
            self._delivery.deliver(chosen)
        if records:
            self._source.taken(records)
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
                idle = _IDLE_SECONDS[self._engine]
                self._readers.append(Reader(function.logical, source, mapping, delivery, self._stop, idle))
        for reader in self._readers:
            reader.start()

    def wake(self) -> None:
        """Something may have been written: look at once. Cheap; called after each write request."""
        for reader in self._readers:
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
            return LogSource(store.read_log, as_records, self._positions, function.name)
        if matches_any(mapping.patterns, SAMPLES["event"]):
            return OutboxSource(store.pending, as_records)
        return OutboxSource(store.pending_notices, as_records)


def as_records(items: Sequence[Any]) -> list[Record]:
    """Outbox items or log batches as the records of a stream event."""
    from souk.events.streams import as_stream_event

    records: list[Record] = as_stream_event(items)["Records"]
    return records
