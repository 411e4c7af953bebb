"""The door as a client sees it: paths, JSON, lists followed by their Link, errors read by the rules of G5."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from tests.wire.raw import Answer, Doc, Wire

LEGAL = "!$&'()*+,;=:@-._~"
"""What a path segment may hold without percent-encoding (RFC 3986)."""

JSON_TYPE = {"content-type": "application/json"}


def encoded(id: str) -> str:
    """An id with everything percent-encoded, as the Python SDK sends it."""
    return quote(id, safe="")


def bare(id: str) -> str:
    """An id with only the unavoidable percent-encoded, as curl scripts and the CLI send it."""
    return quote(id, safe=LEGAL)


class Door(Wire):
    """A client with one key."""

    def __init__(self, url: str, key: str) -> None:
        super().__init__(url, {"x-api-key": key, "accept": "application/json"})
        self.key = key

    def call(self, method: str, target: str, doc: Any = None, **headers: str) -> Answer:
        """A request that carries `doc` as JSON, or no body when it is None."""
        body = None if doc is None else json.dumps(doc, ensure_ascii=False).encode("utf-8", "surrogatepass")
        extra = {} if doc is None else JSON_TYPE
        return self.send(method, target, body, self.headers | extra | headers)

    def raw(self, method: str, target: str, text: str | bytes) -> Answer:
        """A request whose body is exactly this text."""
        body = text.encode("utf-8") if isinstance(text, str) else text
        return self.send(method, target, body, self.headers | JSON_TYPE)

    def put(self, kind: str, id: str, doc: Any) -> Answer:
        """PUT /api/<kind>/<id>."""
        return self.call("PUT", f"/api/{kind}/{encoded(id)}", doc)

    def get(self, kind: str, id: str) -> Answer:
        """GET /api/<kind>/<id>."""
        return self.call("GET", f"/api/{kind}/{encoded(id)}")

    def delete(self, kind: str, id: str) -> Answer:
        """DELETE /api/<kind>/<id>."""
        return self.call("DELETE", f"/api/{kind}/{encoded(id)}")

    def act(self, id: str, action: str) -> Answer:
        """POST /api/datausageagreements/<id>/<action>, as a script does: a content type and no body."""
        return self.call("POST", f"/api/datausageagreements/{encoded(id)}/{action}", **JSON_TYPE)

    def listed(self, kind: str, query: str = "") -> list[Doc]:
        """The whole list: its first answer and every page that a Link leads to."""
        answer = stored(self.call("GET", f"/api/{kind}{query}"))
        found: list[Doc] = answer.json()
        while target := next_page(answer):
            answer = stored(self.call("GET", target))
            found += answer.json()
        return found

    def events(self, after: str | None = None, **query: str) -> list[Doc]:
        """One batch of the feed."""
        asked = query | ({} if after is None else {"lastEventId": after})
        answer = self.call("GET", "/api/events?" + urlencode(asked), accept="application/cloudevents-batch+json")
        batch: list[Doc] = stored(answer).json()
        return batch


def stored(answer: Answer) -> Answer:
    """The answer, which must be a success: exactly 200 (G3)."""
    assert answer.status == 200, answer
    return answer


def refused(answer: Answer, *statuses: int) -> str:
    """What a refusal says. It must be one of these statuses, and worded as clients read it (G5)."""
    assert answer.status in statuses, answer
    assert answer.kind in {"application/problem+json", "application/json"}, answer
    problem = answer.json()
    words = [problem.get(name) for name in ("detail", "message", "title") if problem.get(name)]
    assert words, answer
    assert isinstance(words[0], str), answer
    assert "Traceback" not in answer.body.decode("utf-8"), answer
    assert problem.get("status", answer.status) == answer.status, answer
    return words[0]


def next_page(answer: Answer) -> str | None:
    """The target of the Link with rel="next", without its host."""
    found = re.search(r'<([^>]+)>\s*;[^,]*rel="?next"?', answer.headers.get("link") or "")
    if found is None:
        return None
    parts = urlsplit(found[1])
    return f"{parts.path}?{parts.query}"


T = TypeVar("T")


def eventually(look: Callable[[], T], good: Callable[[T], bool], seconds: float = 15) -> T:
    """What `look` sees once it is good, or at the end of these seconds."""
    end = time.monotonic() + seconds
    seen = look()
    while not good(seen) and time.monotonic() < end:
        time.sleep(0.05)
        seen = look()
    return seen
