"""Counts what an operation asks of AWS: calls by service, and DynamoDB's units by sizes of what is read and written.

Emulators do not count units as DynamoDB does, so they are computed by its published rules: a consistent read costs
one unit for each begun 4 KB, of each item (GetItem, BatchGetItem) or of all items together (Query); an item that a
transaction writes, deletes or checks costs two units for each begun 1 KB, of the larger of what was and what will be.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from souk.store import clients
from souk.store.dynamodb_items import EVENT, NOTICE

Item = dict[str, dict[str, Any]]
READ, WRITE = 4096, 1024


@dataclass
class Asked:
    """What one operation asked. `calls` by name; capacity units that DynamoDB would charge."""

    calls: dict[str, int] = field(default_factory=dict)
    read: int = 0
    """Keys and queries that were asked for."""
    rru: int = 0
    wru: int = 0
    items: dict[str, int] = field(default_factory=dict)
    """What is written, item by item: records, places in lists, references, checks, outbox."""
    exchanges: list[dict[str, Any]] = field(default_factory=list)
    """Each call to DynamoDB: its operation, parameters and answer, to be repeated."""

    def note(self, name: str) -> None:
        """One more call of this name."""
        self.calls[name] = self.calls.get(name, 0) + 1

    def write(self, sort: str) -> None:
        """One more item of this sort."""
        self.items[sort] = self.items.get(sort, 0) + 1


class Meter:
    """Listens to every client that `souk.store.clients` makes after `listen`."""

    def __init__(self) -> None:
        self._asked: Asked | None = None
        self._sizes: dict[tuple[str, str, str], int] = {}

    def listen(self) -> None:
        """Begin to listen. Clients are made anew."""
        clients.forget()
        session = clients._the_session()
        heard: dict[str, Any] = {"provide-client-params": self._given, "before-call": self._before}
        for name, hear in (heard | {"after-call": self._after}).items():
            session.register(f"{name}.*.*", hear)

    @contextmanager
    def of(self) -> Iterator[Asked]:
        """What is asked within."""
        asked = self._asked = Asked()
        try:
            yield asked
        finally:
            self._asked = None

    def aside(self, action: Callable[[], None]) -> None:
        """Do something that the operation does not pay for."""
        asked, self._asked = self._asked, None
        try:
            action()
        finally:
            self._asked = asked

    def note(self, name: str) -> None:
        """Count a call that no client makes here."""
        if self._asked is not None:
            self._asked.note(name)

    def _given(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["souk_params"] = params

    def _before(self, model: Any, **_: Any) -> None:
        self.note(f"{model.service_model.service_name}.{model.name}")

    def _after(self, parsed: dict[str, Any], model: Any, context: dict[str, Any], http_response: Any, **_: Any) -> None:
        if model.service_model.service_name != "dynamodb":
            return
        params = context.get("souk_params") or {}
        read = _read_units(model.name, params, parsed)
        write = sum(self._written(*written) for written in _writes(model.name, params))
        if self._asked is not None:
            self._asked.read += _keys(model.name, params)
            self._asked.rru += read
            self._asked.wru += write
            for action, what, _times in _writes(model.name, params):
                self._asked.write(_sort_of(action, what))
            body = base64.b64encode(http_response.content).decode()
            answer = {"status": http_response.status_code, "body": body}
            self._asked.exchanges.append({"operation": model.name, "params": params, "answer": answer})

    def _written(self, action: str, what: dict[str, Any], times: int) -> int:
        key = what["Item"] if action == "Put" else what["Key"]
        place = (what["TableName"], key["pk"]["S"], str(key["sk"]))
        before = self._sizes.get(place, 0)
        after = size(what["Item"]) if action == "Put" else 0 if action == "Delete" else max(before, size(key))
        self._sizes[place] = after
        return times * max(1, ceil(max(before, after) / WRITE))


def size(item: Item) -> int:
    """Bytes of an item as DynamoDB counts them: names and values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: dict[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind == "N":
        return (len(str(content).strip("-").lstrip("0")) + 1) // 2 + 1
    return len(content.encode() if isinstance(content, str) else content)


def _read_units(operation: str, params: dict[str, Any], answer: dict[str, Any]) -> int:
    if operation == "GetItem":
        return _whole(size(answer.get("Item", {})))
    if operation == "BatchGetItem":
        asked = sum(len(table["Keys"]) for table in params["RequestItems"].values())
        found = [item for items in answer.get("Responses", {}).values() for item in items]
        return sum(_whole(size(item)) for item in found) + asked - len(found)
    if operation == "Query":
        # What COUNT passes over is not in the answer: some 100 bytes an entry.
        read = sum(map(size, answer["Items"])) if "Items" in answer else 100 * answer.get("Count", 0)
        return _whole(read)
    return 0


def _sort_of(action: str, what: dict[str, Any]) -> str:
    """What an item that is written is for."""
    place: str = (what["Item"] if action == "Put" else what["Key"])["pk"]["S"]
    if action == "ConditionCheck":
        return "check"
    if place in {EVENT, NOTICE}:
        return place
    return {"r": "record", "n": "reference", "l": "place"}.get(place.partition("#")[0], "other")


def _keys(operation: str, params: dict[str, Any]) -> int:
    if operation == "BatchGetItem":
        return sum(len(table["Keys"]) for table in params["RequestItems"].values())
    return int(operation in {"GetItem", "Query"})


def _whole(read: int) -> int:
    return max(1, ceil(read / READ))


def _writes(operation: str, params: dict[str, Any]) -> list[tuple[str, dict[str, Any], int]]:
    """Every item written: how, with what, and how many times its size is charged."""
    if operation == "TransactWriteItems":
        return [(*pair, 2) for action in params["TransactItems"] for pair in action.items()]
    single = {"PutItem": "Put", "DeleteItem": "Delete", "UpdateItem": "Update"}.get(operation)
    return [(single, params, 1)] if single else []
