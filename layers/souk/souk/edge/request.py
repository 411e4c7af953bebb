"""An HTTP request as API Gateway's HTTP API hands it to a function (payload format 2.0)."""

from __future__ import annotations

import base64
import binascii
import zlib
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from souk import jsontext
from souk.errors import Invalid, TooLarge, Unreadable

MAX_BODY = 4 * 1024 * 1024
"""Bytes of a request body after decoding. Larger documents are refused with TooLarge."""


class Request:
    """Read-only view of the event. Header names are lower-case; path parameters are decoded once, by the gateway."""

    def __init__(self, event: dict[str, Any]) -> None:
        self.event = event
        context = event.get("requestContext") or {}
        http = context.get("http") or {}
        self.method: str = http.get("method", "GET")
        self.path: str = event.get("rawPath") or http.get("path") or "/"
        self.raw_query: str = event.get("rawQueryString") or ""
        self.id: str = context.get("requestId", "")
        self.headers: dict[str, str] = {k.lower(): v for k, v in (event.get("headers") or {}).items()}
        self.path_parameters: dict[str, str] = event.get("pathParameters") or {}
        self.cookies: list[str] = event.get("cookies") or []

    @cached_property
    def query(self) -> list[tuple[str, str]]:
        """Query parameters in order, repeated keys kept. Raises Unreadable when they are not UTF-8."""
        try:
            return parse_qsl(self.raw_query, keep_blank_values=True, errors="strict")
        except ValueError:
            raise Unreadable("the query string is not readable") from None

    def query_one(self, name: str) -> str | None:
        """The first value of a query parameter, or None."""
        return next((value for key, value in self.query if key == name), None)

    def query_all(self, name: str) -> list[str]:
        """Every value of a repeated query parameter."""
        return [value for key, value in self.query if key == name]

    @cached_property
    def body(self) -> bytes:
        """The body's bytes, gunzipped if it says so. Raises TooLarge, Unreadable."""
        raw = self.event.get("body") or ""
        if len(raw) > MAX_BODY * 2:
            raise TooLarge(f"the body is larger than {MAX_BODY} bytes")
        try:
            data = base64.b64decode(raw, validate=True) if self.event.get("isBase64Encoded") else raw.encode()
        except (binascii.Error, UnicodeError):
            raise Unreadable("the body is not readable") from None
        if self.headers.get("content-encoding", "").lower() == "gzip":
            data = _gunzip(data)
        if len(data) > MAX_BODY:
            raise TooLarge(f"the body is larger than {MAX_BODY} bytes")
        return data

    @cached_property
    def json(self) -> Any:
        """The body as JSON. Raises Unreadable (also when there is none), TooLarge."""
        if not self.body.strip():
            raise Unreadable("the request has no body; a JSON document is required")
        return jsontext.parse(self.body)

    @cached_property
    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object. Raises Unreadable, TooLarge."""
        value = self.json
        if not isinstance(value, dict):
            raise Unreadable("the body must be a JSON object")
        return value

    def if_match(self) -> int | None:
        """The revision that `If-Match` asks for; None when absent or `*`. Raises Invalid for other text."""
        value = self.headers.get("if-match", "").strip()
        if value in {"", "*"}:
            return None
        digits = value.removeprefix("W/").strip('"')
        if not digits.isascii() or not digits.isdigit() or len(digits) > 15:
            raise Invalid(f"If-Match must be an ETag that Souk gave out, not {value[:40]!r}")
        return int(digits)


def _gunzip(data: bytes) -> bytes:
    """At most MAX_BODY + 1 bytes are ever unpacked, so that a gzip bomb stays small."""
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacker.decompress(data, MAX_BODY + 1)
    except zlib.error:
        raise Unreadable("the body is not valid gzip") from None
    if not unpacker.eof and len(unpacked) <= MAX_BODY:
        raise Unreadable("the body is cut: its gzip has no end")
    return unpacked
