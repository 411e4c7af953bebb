"""The door without a server: requests become gateway events, routed by the template, answered in process."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, TypeVar
from urllib.parse import quote, unquote

from souk.events.sequencer import drain
from souk.identity import keys
from souk.store.port import Store
from souk.work import run
from tests.repository.tree import aliases, operation_id, routes, snake

T = TypeVar("T")
Document = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def detail(self) -> str:
        """The words of a problem document, whose form is checked by the way (G5)."""
        problem = self.json()
        assert self.headers["content-type"] == "application/problem+json"
        assert problem["status"] == self.status
        assert problem["type"] == "about:blank"
        assert problem["title"]
        assert problem["instance"].startswith("/")
        return str(problem["detail"])


class Api:
    """A client with one credential."""

    def __init__(self, store: Store, secret: str | None = None, **headers: str) -> None:
        self.store = store
        self.secret = secret or run(store, lambda work: keys.create(work, "tests")).secret
        self.headers = {"x-api-key": self.secret, "host": "souk.example", "x-forwarded-proto": "https"} | headers

    def call(
        self, method: str, target: str, document: Any = None, *, raw: str | bytes | None = None, **headers: str
    ) -> Answer:
        """One request. `document` goes as JSON; `raw` goes as it is."""
        path, _, query = target.partition("?")
        operation, parameters = _route(method, unquote(path))
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        event: Document = {
            "version": "2.0",
            "rawPath": unquote(path),
            "rawQueryString": query,
            "headers": {name: value for name, value in (self.headers | named).items() if value},
            "requestContext": {"http": {"method": method, "path": unquote(path)}, "requestId": "request-1"},
            "pathParameters": parameters,
            "isBase64Encoded": isinstance(raw, bytes),
        }
        if document is not None:
            event["body"] = json.dumps(document, ensure_ascii=False)
        if raw is not None:
            event["body"] = base64.b64encode(raw).decode() if isinstance(raw, bytes) else raw
        answer = import_module(f"nndm.operations.{operation}").handler(event, None)
        body = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
        unpacked = gzip.decompress(body) if answer["headers"].get("content-encoding") == "gzip" else body
        return Answer(answer["statusCode"], answer["headers"], unpacked)

    def put(self, kind: str, document: Document, id: str | None = None, **headers: str) -> Answer:
        """PUT under the document's own id, or another."""
        return self.call("PUT", f"/api/{kind}/{encoded(id or document['id'])}", document, **headers)

    def get(self, kind: str, id: str, **headers: str) -> Answer:
        return self.call("GET", f"/api/{kind}/{encoded(id)}", **headers)

    def delete(self, kind: str, id: str) -> Answer:
        return self.call("DELETE", f"/api/{kind}/{encoded(id)}")

    def made(self, kind: str, document: Document, id: str | None = None) -> Document:
        """PUT that must succeed. Returns the document."""
        answer = self.put(kind, document, id)
        assert answer.status == 200, answer.text
        return document

    def removed(self, kind: str, id: str) -> None:
        """DELETE that must succeed."""
        answer = self.delete(kind, id)
        assert answer.status == 200, answer.text

    def shown(self, kind: str, id: str) -> Document:
        """GET that must succeed."""
        answer = self.get(kind, id)
        assert answer.status == 200, answer.text
        document: Document = answer.json()
        return document

    def listed(self, target: str) -> list[Any]:
        """A list that must be there."""
        answer = self.call("GET", f"/api/{target}")
        assert answer.status == 200, answer.text
        entries: list[Any] = answer.json()
        return entries

    def feed(self, after: str | None = None) -> list[Document]:
        """The event feed, once everything is sequenced."""
        drain(self.store)
        answer = self.call("GET", "/api/events" + (f"?lastEventId={after}" if after else ""))
        assert answer.status == 200, answer.text
        events: list[Document] = answer.json()
        return events

    def news(self, act: Callable[[], object]) -> list[str]:
        """The names of the events that something leads to, with the port where there is one: `TeamCreated t`."""
        before = self.feed()
        act()
        return [told(event) for event in self.feed(before[-1]["id"] if before else None)]


def told(event: Document) -> str:
    """An event in short."""
    name = re.sub(r"^com\.datamesh-manager\.events\.(\w+)Event$", r"\1", event["type"])
    port = event["data"].get("outputPortId")
    return f"{name} {event['subject']}" + (f"/{port}" if port else "")


def exact(value: Any) -> str:
    """A JSON value as text that tells 1, 1.0 and true apart, and the order of keys."""
    return json.dumps(value)


def encoded(id: str) -> str:
    """Everything percent-encoded, as SDKs do."""
    return quote(id, safe="")


@cache
def _table() -> list[tuple[str, re.Pattern[str], str]]:
    further = [(name, route) for name, found in aliases("nndm").items() for route in found]
    # Literal segments before variables, and these before greedy ones, as the gateway matches.
    ordered = sorted(
        [*routes("nndm").items(), *further], key=lambda item: (item[1][1].count("+}"), item[1][1].count("{"))
    )
    return [
        (method, re.compile(_pattern(path)), snake(operation_id(name)))
        for name, (method, path) in ordered
        if path != "$default"
    ]


def _pattern(path: str) -> str:
    return re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", re.sub(r"\{(\w+)\+\}", r"(?P<\1>.+)", path)) + r"\Z"


def _route(method: str, path: str) -> tuple[str, dict[str, str]]:
    for known, pattern, operation in _table():
        match = pattern.match(path)
        if known == method and match:
            return operation, match.groupdict()
    return "unknown_path", {}
