"""The door without a server: requests become gateway events, routed as the local gateway does, answered in process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any
from urllib.parse import quote, unquote

from local.routes import Router
from local.templates import read_application
from tests.repository.tree import ROOT

Doc = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


@cache
def _router() -> Router:
    application = read_application(ROOT / "template.yaml")
    return Router(one for one in application.functions if one.dialect == "immuta")


class Client:
    """A caller with one credential."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def call(self, method: str, target: str, doc: Any = None, **headers: str) -> Answer:
        """One request; `target` is percent-encoded as clients send it."""
        encoded, _, query = target.partition("?")
        path = unquote(encoded)
        match = _router().match(method, path)
        assert match is not None
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        event: Doc = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": query,
            "headers": {"authorization": f"Bearer {self.secret}"} | named,
            "requestContext": {"http": {"method": method, "path": path}, "requestId": "request-1"},
            "pathParameters": match.parameters,
            "isBase64Encoded": False,
        }
        if doc is not None:
            event["body"] = doc if isinstance(doc, str) else json.dumps(doc)
        module = match.function.handler.rsplit(".", 1)[0]
        answer = import_module(module).handler(event, None)
        return Answer(answer["statusCode"], answer["headers"], answer["body"])

    def ok(self, method: str, target: str, doc: Any = None, status: int = 200) -> Any:
        """A request that must be answered with this status. Its body."""
        answer = self.call(method, target, doc)
        assert answer.status == status, (answer.status, answer.text)
        return json.loads(answer.text) if answer.text else None

    def get(self, target: str) -> Any:
        return self.ok("GET", target)

    def refused(self, method: str, target: str, doc: Any = None) -> int:
        """The status of a refusal, whose body must be worded as the contract says."""
        answer = self.call(method, target, doc)
        body = answer.json()
        assert body["statusCode"] == answer.status
        assert body["error"]
        assert body["message"]
        return answer.status


def segment(text: str) -> str:
    """Everything percent-encoded."""
    return quote(text, safe="")
