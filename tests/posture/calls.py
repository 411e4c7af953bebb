"""Calls to AWS as they are made, in the words of IAM: which action on which resource."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.faults.line import Call
from tests.faults.stage import Stage
from tests.faults.trial import Act, Manner, Outcome

Use = tuple[str, str]
"""An action, and the resource as the templates name it (`table/${EntitiesTable}`, `${Bucket}/bodies`)."""
ELSEWHERE = "elsewhere"
"""A bucket that is not Souk's own."""
_TABLES = {"entities": "EntitiesTable", "outbox": "OutboxTable", "log": "LogTable"}
_WRITES = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
_OBJECTS = {
    "HeadObject": "GetObject",
    "ListObjectsV2": "ListBucket",
    "ListObjects": "ListBucket",
    "HeadBucket": "ListBucket",
}
_FOLDERS = ("", "bodies", "documents", "samples", "data", "search")
_MACHINES = {"publish": "PublishMachine", "initialize": "InitializeMachine", "deliver-order": "DeliverOrderMachine"}


def uses_of(call: Call, request: Any) -> Iterator[Use]:
    """What IAM asks about when this request comes."""
    if call.service == "s3":
        yield from _of_objects(call.operation, request)
    else:
        yield from _OF[call.service](call.operation, json.loads(request.body))


def _of_objects(operation: str, request: Any) -> Iterator[Use]:
    where = _place(urlsplit(request.url).path)
    if operation == "CopyObject":
        source = request.headers["x-amz-copy-source"]
        yield "s3:GetObject", _place(source if isinstance(source, str) else source.decode())
        yield "s3:PutObject", where
    else:
        yield f"s3:{_OBJECTS.get(operation, operation)}", where


def _place(path: str) -> str:
    """The folder of Souk's bucket. Consumers of the stories take copies there too, below folders of their own."""
    bucket, _, key = unquote(path).strip("/").partition("/")
    folder = key.partition("/")[0]
    own = bucket.startswith("bucket-") and folder in _FOLDERS
    return f"${{Bucket}}/{folder}".removesuffix("/") if own else ELSEWHERE


def _of_tables(operation: str, body: dict[str, Any]) -> Iterator[Use]:
    if operation == "TransactWriteItems":
        for item in body["TransactItems"]:
            ((verb, what),) = item.items()
            yield f"dynamodb:{_WRITES[verb]}", _table(what["TableName"])
    elif operation in {"BatchGetItem", "BatchWriteItem"}:
        yield from ((f"dynamodb:{operation}", _table(table)) for table in body["RequestItems"])
    else:
        yield f"dynamodb:{operation}", _table(body["TableName"])


def _table(name: str) -> str:
    return f"table/${{{_TABLES[name.partition('-')[0]]}}}"


def _of_the_bus(operation: str, _: dict[str, Any]) -> Iterator[Use]:
    yield f"events:{operation}", "event-bus/${Bus}"


def _of_machines(operation: str, body: dict[str, Any]) -> Iterator[Use]:
    yield f"states:{operation}", _MACHINES[body["stateMachineArn"].rsplit(":", 1)[-1]]


def _of_the_lake(operation: str, _: dict[str, Any]) -> Iterator[Use]:
    yield f"lakeformation:{operation}", "*"


def _of_keys(operation: str, _: dict[str, Any]) -> Iterator[Use]:
    yield f"kms:{operation}", "SigningKey"


_OF = {
    "dynamodb": _of_tables,
    "eventbridge": _of_the_bus,
    "sfn": _of_machines,
    "lakeformation": _of_the_lake,
    "kms": _of_keys,
}


class Rehearsal(Stage):
    """A stage on which nothing fails and everything is heard."""

    uses: dict[str, set[Use]]

    def _examined(self, name: str, act: Act, manner: Manner, *, by_caller: bool = True) -> Outcome:
        self.uses = getattr(self, "uses", {})
        heard = self.uses.setdefault(name, set())
        self.line.calls.clear()
        self.line.heard = lambda call, request: heard.update(uses_of(call, request))
        outcome = act()
        self.line.heard = lambda call, request: None
        self.reports[name].calls += self.line.calls
        if manner.heals is not None:
            with self.line.aside():
                manner.heals()
        return outcome
