"""A client of one door: a credential, JSON, and the status that it counts on."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from tests.wire.raw import Answer, Wire

Doc = dict[str, Any]


class Caller(Wire):
    """Sends JSON with one credential, as a bearer token: all doors take that."""

    def __init__(self, url: str, credential: str) -> None:
        super().__init__(url, {"authorization": f"Bearer {credential}", "accept": "application/json"})

    def call(self, method: str, target: str, doc: Any = None, **headers: str) -> Answer:
        """A request with `doc` as its body, or none."""
        body = None if doc is None else json.dumps(doc, ensure_ascii=False).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        extra = {} if doc is None else {"content-type": "application/json"}
        return self.send(method, target, body, self.headers | extra | named)

    def done(self, status: int, method: str, target: str, doc: Any = None) -> Any:
        """The body of an answer that must have this status: JSON, else text, None for an empty one."""
        answer = self.call(method, target, doc)
        assert answer.status == status, answer
        if answer.kind.endswith("json"):
            return answer.json() if answer.body else None
        return answer.body.decode() or None


def fresh(word: str) -> str:
    """A name that no other test uses."""
    return f"{word}-{uuid4().hex[:12]}"
