"""HTTP as a client's bytes have it: no re-encoding of paths, no following, no retries, a connection per request."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

Doc = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers, body as bytes."""

    status: int
    headers: Message
    body: bytes
    request: str

    @property
    def kind(self) -> str:
        """The media type without its parameters, lower case."""
        return (self.headers.get("content-type") or "").split(";")[0].strip().lower()

    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body.decode("utf-8"))

    def exact(self) -> Any:
        """The body read as JSON, every number with its exact value."""
        return json.loads(self.body.decode("utf-8"), parse_float=Decimal)

    def __repr__(self) -> str:
        return f"<{self.request} -> {self.status} {self.kind} {self.body[:600]!r}>"


class _Bare(http.client.HTTPConnection):
    """A connection that sends a target as it is, even where it holds raw UTF-8."""

    def _validate_path(self, url: str) -> None:
        pass

    def _encode_request(self, request: str) -> bytes:
        return request.encode("utf-8")


class Wire:
    """Sends one request at a time to one base URL; safe to share between threads."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        self.url = url.rstrip("/")
        self.headers = dict(headers)
        self._host = parts.hostname
        self._port = parts.port or 80
        self._prefix = parts.path.rstrip("/")

    def send(
        self, method: str, target: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request; `headers` replace the standing ones altogether."""
        connection = _Bare(self._host, self._port, timeout=60)
        try:
            sent = self.headers if headers is None else headers
            connection.request(method, self._prefix + target, body=body, headers=dict(sent))
            response = connection.getresponse()
            held = response.read()
            return Answer(response.status, response.headers, held, f"{method} {target[:200]}")
        finally:
            connection.close()
