"""API Gateway's HTTP API, payload format 2.0: from a request to the event, from a function's answer to a response.

What it does to requests, as observed on AWS and kept here: the path is percent-decoded before routes are matched, so
`%2F` separates segments and a decoded `?` ends the path; `rawPath` holds the decoded path; the query string stays as
sent; header values of one name are joined by commas; cookies stand apart; bodies that are not text are base64.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterable
from random import getrandbits
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote_to_bytes

from local.cloudformation import ACCOUNT
from local.routes import Match

MAX_REQUEST = 10 * 1024 * 1024
"""Bytes of a request body: the gateway's limit."""
MAX_PAYLOAD = 6 * 1024 * 1024
"""Bytes of an event or an answer as JSON: Lambda's limit."""
_MAX_SECONDS = 30
_TEXT_TYPES = ("text/", "application/json", "application/xml", "application/javascript")


class Incoming(NamedTuple):
    """A request as the server read it. `target` is the undecoded path; header names are lower-case."""

    method: str
    target: bytes
    query: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes
    client: str
    port: int = 80
    version: str = "1.1"


class Outgoing(NamedTuple):
    """A response as the server writes it."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class BadPath(Exception):
    """The path is not percent-encoded UTF-8."""


def decode_path(target: bytes) -> str:
    """The path that routes are matched against. Raises BadPath."""
    try:
        path = target.decode() if b"%" not in target else unquote_to_bytes(target).decode()
    except UnicodeDecodeError:
        raise BadPath from None
    return path.partition("?")[0] or "/"


def event_of(request: Incoming, path: str, match: Match, api: str) -> dict[str, Any]:
    """The event that the function gets."""
    headers, cookies = _headers(request.headers)
    before = headers.get("x-forwarded-for")
    headers["x-forwarded-for"] = f"{before}, {request.client}" if before else request.client
    headers["x-forwarded-port"] = str(request.port)
    headers["x-forwarded-proto"] = "http"
    query = request.query.decode("latin-1")
    body, encoded = _body(request.body, headers)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": match.key,
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": _context(request, path, match.key, api, headers),
        "isBase64Encoded": encoded,
    }
    if cookies:
        event["cookies"] = cookies
    if query:
        event["queryStringParameters"] = _query(query)
    if match.parameters:
        event["pathParameters"] = match.parameters
    if body:
        event["body"] = body
    return event


def request_id() -> str:
    """An id as the gateway makes them. It is no secret, and asking the system for randomness costs a thread switch."""
    return base64.urlsafe_b64encode(getrandbits(88).to_bytes(11)).decode()


def _context(request: Incoming, path: str, route: str, api: str, headers: dict[str, str]) -> dict[str, Any]:
    host = headers.get("host", "")
    now = time.time()
    return {
        "accountId": ACCOUNT,
        "apiId": api,
        "domainName": host,
        "domainPrefix": host.partition(".")[0],
        "http": {
            "method": request.method,
            "path": path,
            "protocol": f"HTTP/{request.version}",
            "sourceIp": request.client,
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": request_id(),
        "routeKey": route,
        "stage": "$default",
        "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
        "timeEpoch": int(now * 1000),
    }


def _headers(pairs: Iterable[tuple[bytes, bytes]]) -> tuple[dict[str, str], list[str]]:
    headers: dict[str, str] = {}
    cookies: list[str] = []
    for raw_name, raw_value in pairs:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if name == "cookie":
            cookies.extend(part.strip() for part in value.split(";") if part.strip())
        else:
            headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers, cookies


def _query(query: str) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _body(data: bytes, headers: dict[str, str]) -> tuple[str, bool]:
    if not data:
        return "", False
    if _is_text(headers):
        try:
            return data.decode(), False
        except UnicodeDecodeError:
            return base64.b64encode(data).decode(), True
    return base64.b64encode(data).decode(), True


def _is_text(headers: dict[str, str]) -> bool:
    kind = headers.get("content-type", "text/").partition(";")[0].strip().lower()
    if headers.get("content-encoding", "identity") != "identity":
        return False
    return kind.startswith(_TEXT_TYPES) or kind.endswith(("+json", "+xml"))


def too_large_for_a_function(event: dict[str, Any]) -> bool:
    """Whether Lambda would refuse the event for its size."""
    return _over_payload(event, len(event.get("body", "")))


def _over_payload(value: Any, characters: int) -> bool:
    """JSON writes a character in six bytes at most and in one at least, so most texts need no measuring."""
    if characters > MAX_PAYLOAD:
        return True
    return characters > MAX_PAYLOAD // 6 and len(json.dumps(value, ensure_ascii=False).encode()) > MAX_PAYLOAD


def seconds_for(timeout: int) -> int:
    """How long the gateway waits for a function with this timeout."""
    return min(timeout, _MAX_SECONDS)


def message(status: int, text: str) -> Outgoing:
    """What the gateway itself answers."""
    return Outgoing(status, [(b"content-type", b"application/json")], json.dumps({"message": text}).encode())


NOT_FOUND = message(404, "Not Found")
BAD_REQUEST = message(400, "Bad Request")
TOO_LARGE = message(413, "Request Entity Too Large")
FAILED = message(500, "Internal Server Error")
UNAVAILABLE = message(503, "Service Unavailable")


def response_of(answer: Any, method: str) -> Outgoing:
    """The response for what the function returned. An answer that the gateway cannot read is FAILED."""
    try:
        return _response(answer, method)
    except (TypeError, ValueError):
        return FAILED


def _response(answer: Any, method: str) -> Outgoing:
    if not isinstance(answer, dict) or "statusCode" not in answer:
        return Outgoing(200, [(b"content-type", b"application/json")], json.dumps(answer).encode())
    text = answer.get("body")
    if text is None:
        text = ""
    if not isinstance(text, str):
        return FAILED
    if _over_payload(answer, len(text)):
        return FAILED
    body = base64.b64decode(text, validate=True) if answer.get("isBase64Encoded") else text.encode()
    headers = [
        (str(name).lower().encode("latin-1"), _header_text(value).encode("latin-1"))
        for name, value in (answer.get("headers") or {}).items()
    ]
    if not any(name == b"content-type" for name, _ in headers):
        headers.append((b"content-type", b"text/plain;charset=UTF-8"))
    headers.extend((b"set-cookie", _header_text(cookie).encode("latin-1")) for cookie in answer.get("cookies") or ())
    return Outgoing(int(answer["statusCode"]), headers, b"" if method == "HEAD" else body)


def _header_text(value: Any) -> str:
    """The text of a header value. Raises ValueError for line breaks, which would begin another header."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if "\r" in text or "\n" in text:
        raise ValueError("a header value holds a line break")
    return text
