"""The door without a server: requests become gateway events, routed by the template, answered in process."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, TypeVar
from urllib.parse import unquote

from souk.identity import keys
from souk.store.port import Store
from souk.work import run
from tests.dpx.codes import CODES
from tests.repository.tree import operation_id, routes, snake

T = TypeVar("T")
Wire = dict[str, Any]
BASE = "/data_product_exchange/v1"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        assert self.headers["content-type"] == "application/json"
        return json.loads(self.body)

    def expect(self, status: int) -> Any:
        """The body of an answer with this status."""
        assert self.status == status, self.body
        return self.json() if self.body else None

    def refused(self, status: int, *codes: str) -> list[str]:
        """The messages of an error with this status and these codes, in its one form (contract 1.3)."""
        body = self.expect(status)
        assert body.keys() == {"trace", "errors"}
        assert body["trace"]
        assert body["errors"]
        given = [error["code"] for error in body["errors"]]
        assert CODES.issuperset(given)
        assert not codes or given == list(codes)
        return [error["message"] for error in body["errors"]]


class Api:
    """A client with one credential."""

    def __init__(self, store: Store, secret: str | None = None) -> None:
        self.store = store
        self.secret = secret or run(store, lambda work: keys.create(work, "tests")).secret

    def call(
        self, method: str, target: str, document: Any = None, *, raw: bytes | None = None, **headers: str
    ) -> Answer:
        """One request. `document` goes as JSON; `raw` goes as it is."""
        return self._send(method, target, document, raw, headers)

    def _send(self, method: str, target: str, document: Any, raw: bytes | None, headers: dict[str, str]) -> Answer:
        path, _, query = target.partition("?")
        operation, parameters = _route(method, unquote(path))
        own = {"authorization": f"bearer {self.secret}", "host": "souk.example", "x-forwarded-proto": "https"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        event: Wire = {
            "version": "2.0",
            "rawPath": unquote(path),
            "rawQueryString": query,
            "headers": {name: value for name, value in (own | named).items() if value},
            "requestContext": {"http": {"method": method, "path": unquote(path)}, "requestId": "request-1"},
            "pathParameters": parameters,
            "isBase64Encoded": raw is not None,
        }
        if document is not None:
            event["body"] = json.dumps(document)
        if raw is not None:
            event["body"] = base64.b64encode(raw).decode()
        answer = import_module(f"dpx.operations.{operation}").handler(event, None)
        assert not answer["isBase64Encoded"]
        return Answer(answer["statusCode"], answer["headers"], answer["body"].encode())

    def get(self, target: str, **headers: str) -> Answer:
        return self._send("GET", target, None, None, headers)

    def post(self, target: str, document: Any = None, **headers: str) -> Answer:
        return self._send("POST", target, document, None, headers)

    def patch(self, target: str, *operations: Wire, **headers: str) -> Answer:
        return self._send("PATCH", target, list(operations), None, headers)

    def delete(self, target: str) -> Answer:
        return self.call("DELETE", target)


@cache
def _table() -> list[tuple[str, re.Pattern[str], str]]:
    found = routes("dpx")
    # Literal segments before variables, as the gateway matches.
    ordered = sorted(found.items(), key=lambda item: item[1][1].count("{"))
    return [
        (method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + r"\Z"), snake(operation_id(name)))
        for name, (method, path) in ordered
        if path != "$default"
    ]


def _route(method: str, path: str) -> tuple[str, dict[str, str]]:
    for known, pattern, operation in _table():
        match = pattern.match(path)
        if known == method and match:
            return operation, match.groupdict()
    return "unknown_path", {}
