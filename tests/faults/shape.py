"""What a deployment holds, with everything left out that differs between two runs of the same thing: ids, instants."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections import Counter
from typing import Any

from souk.identity.newcomers import SEEN
from souk.store import codec
from souk.store.dynamodb_items import EVENT, Tables
from souk.store.port import Record
from tests.faults.cloud import Cloud

Shape = Counter[str]
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)")
_MADE = re.compile(r"[0-9A-Za-z_-]{16,}")
_REPEATS = "idempotency"
_NONE = {"S": ""}


def same(value: Any) -> str:
    """The value as text, the same for two runs."""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return _MADE.sub("#", _INSTANT.sub("T", text))


class Holding:
    """The records, places, counters, events and the rest, read from behind the store's back."""

    def __init__(self, cloud: Cloud, tables: Tables) -> None:
        self._cloud = cloud
        self.keys = cloud.names()
        self.records: dict[str, Record] = {}
        self.places: set[tuple[str, str]] = set()
        self.counters: dict[str, int] = {}
        self.pointers: set[str] = set()
        for item in cloud.items(tables.entities):
            self._take(item)
        taken = {(EVENT, name) for item in cloud.items(tables.log) for name in item.get("o", _NONE)["S"].split("\n")}
        left = [item for item in cloud.items(tables.outbox) if (item["pk"]["S"], item["sk"]["S"]) not in taken]
        waiting = [_events(item) for item in left]
        batches = [(int(item["sk"]["N"]), _events(item)) for item in cloud.items(tables.log)]
        self.numbers = sorted(number for number, _ in batches)
        self.told = [event for events in [*waiting, *(events for _, events in batches)] for event in events]
        self.messages = {(name, json.loads(detail)["id"], detail) for name, detail in cloud.messages}
        self.executions, self.granted = cloud.executions, cloud.granted

    def shape(self) -> Shape:
        """All of it, to compare with another run of the same."""
        found = [f"record {_record(one)}" for one in self.records.values() if one.kind != _REPEATS]
        found += [f"line {same(name)}" for name, _ in self._lines()]
        found += [f"told {same({k: v for k, v in event.items() if k != 'logged'})}" for event in self.told]
        found += [f"object {same(key)}" for key in self.keys if not key.startswith("bodies/")]
        # Who was seen is told whatever becomes of the request, once a minute at most: no effect of an operation.
        found += [f"message {name} {same(detail)}" for name, _, detail in self.messages if name != SEEN]
        found += [f"execution {same(name)} of {machine}" for name, machine in self.executions.items()]
        return Counter(found + [f"granted {one}" for one in self.granted])

    def broken(self) -> list[str]:
        """What contradicts itself: half a commit."""
        meant = {(f"l#{e.list}", f"{e.sort}\0{r.key}") for r in self.records.values() for e in r.entries}
        counted = Counter(key for record in self.records.values() for key in record.references)
        found = [f"entry without its item: {same(str(place))}" for place in meant - self.places]
        found += [f"item without its entry: {same(name)}" for name, sort in self._lines(meant) if _names(sort, self)]
        found += [f"counter {self.counters.get(k, 0)} of {n}" for k, n in counted.items() if self.counters.get(k) != n]
        found += [f"counter {n} of none" for k, n in self.counters.items() if n and k not in counted]
        found += [f"no object at {key}" for key in self.pointers - set(self.keys)]
        whole = list(range(1, len(self.numbers) + 1))
        return found + ([f"log numbers {self.numbers}"] if self.numbers != whole else [])

    def _lines(self, meant: set[tuple[str, str]] | None = None) -> list[tuple[str, str]]:
        if meant is None:
            meant = {(f"l#{e.list}", f"{e.sort}\0{r.key}") for r in self.records.values() for e in r.entries}
        return sorted(self.places - meant)

    def _take(self, item: dict[str, Any]) -> None:
        partition, sort = item["pk"]["S"], item["sk"]["S"]
        kind, _, key = partition.partition("#")
        if kind == "l":
            self.places.add((partition, sort))
        elif kind == "n":
            self.counters[key] = int(item["n"]["N"])
        elif kind == "r":
            body = self._spilled(item["p"]["S"]) if "p" in item else b64decode(item["b"]["B"])
            if body:
                self.records[key] = codec.decode_record(key, int(item["v"]["N"]), body)

    def _spilled(self, pointer: str) -> bytes:
        self.pointers.add(pointer)
        return self._cloud.bytes_at(pointer) if pointer in self.keys else b""


def _names(sort: str, holding: Holding) -> bool:
    """The place names a record, which is not a line's way."""
    return sort.rpartition("\0")[2] in holding.records


def _record(record: Record) -> str:
    entries = sorted(same(entry.list) for entry in record.entries)
    body = {"deleted": record.deleted, "body": record.body, "refers": len(record.references)}
    return f"{record.kind} {same(record.id)} r{record.revision} {entries} {same(body)}"


def _events(item: dict[str, Any]) -> list[dict[str, Any]]:
    return codec.decode_events(b64decode(item["b"]["B"]))
