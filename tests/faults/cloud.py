"""The part of AWS that Souk calls, in this process: the emulator's tables, objects and keys, without a network between.

The bus, state machines and the data catalog keep what they were told. The whole can be set back to an earlier moment.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, NamedTuple
from unittest import mock
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

from botocore.awsrequest import AWSResponse, HeadersDict

SETTINGS = {"S3_PERSIST": "0", "PERSIST_STATE": "0", "SERVICES": "s3,dynamodb,kms", "LOG_LEVEL": "ERROR"}
Start = Callable[[str, str, dict[str, Any]], None]
Answered = tuple[int, dict[str, str], bytes]


class Moment(NamedTuple):
    """Everything that is kept, as it was."""

    tables: dict[str, Any]
    objects: dict[str, Any]
    told: dict[str, Any]


class Cloud:
    """Answers requests. `on_start` runs a state machine that was started."""

    def __init__(self) -> None:
        with mock.patch.dict(os.environ, SETTINGS):
            from ministack.services import dynamodb, kms, s3
        self._services = {"dynamodb": dynamodb, "s3": s3, "kms": kms}
        self._dynamodb, self._s3 = dynamodb, s3
        self._others = {*dynamodb._tables, *s3._buckets}
        self._tables: list[str] = []
        self._bucket = ""
        self.on_start: Start = lambda machine, name, given: None
        self.messages: list[tuple[str, str]] = []
        self.executions: dict[str, str] = {}
        self.granted: set[str] = set()

    def end(self) -> None:
        """Leave nothing behind for whatever else in this process uses the emulator."""
        for kept in (self._dynamodb._tables, self._s3._buckets):
            for name in set(kept) - self._others:
                del kept[name]

    def keeps(self, tables: list[str], bucket: str) -> None:
        """The tables and the bucket that the deployment has."""
        self._tables, self._bucket = tables, bucket

    @contextmanager
    def in_memory(self) -> Iterator[None]:
        """Objects are kept in memory, whatever else in this process uses the emulator for."""
        with mock.patch.object(self._s3, "S3_PERSIST", False):
            yield

    def answer(self, request: Any, service: str, operation: str) -> AWSResponse:
        """What the service says, having done it."""
        own = {"eventbridge": self._put_events, "sfn": self._start_execution, "lakeformation": self._catalog}
        told = own[service](operation, json.loads(request.body)) if service in own else self._emulated(request, service)
        return response(request.url, *told)

    def items(self, table: str) -> Iterator[dict[str, Any]]:
        """Every item of a table, as it is stored."""
        for partition in list(self._dynamodb._tables[table]["items"].values()):
            yield from list(partition.values())

    def names(self) -> list[str]:
        """The keys of all objects."""
        return list(self._s3._buckets[self._bucket]["objects"])

    def bytes_at(self, key: str) -> bytes:
        """What the object holds."""
        body: bytes = self._s3._buckets[self._bucket]["objects"][key]["body"]
        return body

    def moment(self) -> Moment:
        """What is kept now."""
        tables = {name: copy.deepcopy(self._dynamodb._tables[name]["items"]) for name in self._tables}
        told = {"messages": self.messages, "executions": self.executions, "granted": self.granted}
        return Moment(tables, dict(self._s3._buckets[self._bucket]["objects"]), copy.deepcopy(told))

    def back_to(self, moment: Moment) -> None:
        """Make everything as it was."""
        for name, items in moment.tables.items():
            table = self._dynamodb._tables[name]
            table["items"] = copy.deepcopy(items)
            table.pop(self._dynamodb._INDEX_MEMBERS, None)
        self._dynamodb._txn_idempotency.clear()
        self._s3._buckets[self._bucket]["objects"] = dict(moment.objects)
        told = copy.deepcopy(moment.told)
        self.messages, self.executions, self.granted = told["messages"], told["executions"], told["granted"]

    def _emulated(self, request: Any, service: str) -> Answered:
        url = urlsplit(request.url)
        headers = {name.lower(): _text(value) for name, value in request.headers.items()}
        body = request.body or b""
        data = body.read() if hasattr(body, "read") else body
        data = data.encode() if isinstance(data, str) else bytes(data)
        query = parse_qs(url.query, keep_blank_values=True)
        handled = self._services[service].handle_request(request.method, unquote(url.path), headers, data, query)
        status, told, answer = _now(handled)
        return status, told, answer.encode() if isinstance(answer, str) else answer

    def _put_events(self, _: str, given: dict[str, Any]) -> Answered:
        self.messages += [(entry["DetailType"], entry["Detail"]) for entry in given["Entries"]]
        return said({"FailedEntryCount": 0, "Entries": [{"EventId": str(uuid4())} for _ in given["Entries"]]})

    def _start_execution(self, _: str, given: dict[str, Any]) -> Answered:
        machine = given["stateMachineArn"].rsplit(":", 1)[-1]
        if given["name"] in self.executions:
            return said({"__type": "ExecutionAlreadyExists", "message": "there already"}, 400)
        self.executions[given["name"]] = machine
        self.on_start(machine, given["name"], json.loads(given["input"]))
        return said({"executionArn": f"{given['stateMachineArn']}:{given['name']}", "startDate": 1.0})

    def _catalog(self, operation: str, given: dict[str, Any]) -> Answered:
        who = given["Principal"]["DataLakePrincipalIdentifier"]
        one = json.dumps([who, given["Resource"]["Table"]])
        if operation == "GrantPermissions":
            self.granted.add(one)
        if operation == "RevokePermissions":
            self.granted.discard(one)
        held = [{"Permissions": ["SELECT", "DESCRIBE"]}] if one in self.granted else []
        return said({"PrincipalResourcePermissions": held} if operation == "ListPermissions" else {})


class _Raw(BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.getvalue()


def response(url: str, status: int, headers: dict[str, str], body: bytes) -> AWSResponse:
    """An answer as botocore takes it."""
    named: Any = HeadersDict(headers)
    return AWSResponse(url, status, named, _Raw(body))


def said(value: Any, status: int = 200) -> Answered:
    """An answer in JSON."""
    return status, {"content-type": "application/x-amz-json-1.1"}, json.dumps(value).encode()


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _now(handled: Any) -> Any:
    """The result of a coroutine that waits for nothing."""
    try:
        handled.send(None)
    except StopIteration as done:
        return done.value
    raise RuntimeError("the emulator waits for something")
