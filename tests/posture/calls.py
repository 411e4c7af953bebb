"""Calls to AWS as they are made, in the words of IAM: which action on which resource."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

Use = tuple[str, str]
"""An action, and the resource as the templates name it (`table/${EntitiesTable}`, `${Bucket}/bodies`)."""
_TABLES = {"entities": "EntitiesTable", "outbox": "OutboxTable", "log": "LogTable"}
_WRITES = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
_READS = {"HeadObject": "GetObject", "ListObjectsV2": "ListBucket", "ListObjects": "ListBucket"}


class Recorder:
    """Hears every call of every client that is made after it, by botocore's events."""

    def __init__(self) -> None:
        self.uses: dict[str, set[Use]] = {}
        self.now = ""

    def hear(self, client: Any) -> None:
        """Listen to one client."""
        client.meta.events.register("before-call", self._called)

    def _called(self, model: Any, params: dict[str, Any], **_: Any) -> None:
        body = params.get("body") or b""
        service = model.service_model.service_name
        found = _of_tables(model.name, json.loads(body)) if service == "dynamodb" else _of(service, model.name, params)
        self.uses.setdefault(self.now, set()).update(found)


def _of_tables(name: str, body: dict[str, Any]) -> Iterator[Use]:
    if name == "TransactWriteItems":
        for item in body["TransactItems"]:
            ((verb, what),) = item.items()
            yield f"dynamodb:{_WRITES[verb]}", _table(what["TableName"])
    elif name == "BatchGetItem":
        yield from ((f"dynamodb:{name}", _table(table)) for table in body["RequestItems"])
    else:
        yield f"dynamodb:{name}", _table(body["TableName"])


def _table(name: str) -> str:
    return f"table/${{{_TABLES[name.partition('-')[0]]}}}"


def _of(service: str, name: str, params: dict[str, Any]) -> Iterator[Use]:
    path = unquote(params.get("url_path", "")).strip("/")
    _, _, key = path.partition("/")
    action = f"{service}:{_READS.get(name, name)}"
    yield action, f"${{Bucket}}/{key.partition('/')[0]}" if key else "${Bucket}"
