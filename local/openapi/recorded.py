"""Examples: what the recorded invocations in `events/` send."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl

from souk.edge.request import Request

KEY = "$SOUK_API_KEY"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one recorded invocation sends. Query values are lists; `body` is None without one."""

    path: dict[str, str]
    query: dict[str, list[str]]
    media: str = "application/json"
    body: Any = None
    request: Request = field(default_factory=lambda: Request({}))


def recorded(path: Path) -> Recorded:
    """The invocation in a file."""
    event: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    media = event["headers"].get("content-type", "application/json").partition(";")[0]
    text = event.get("body") or ""
    if event.get("isBase64Encoded"):
        text = base64.b64decode(text).decode()
    return Recorded(
        path=event.get("pathParameters") or {},
        query=parse_qs(event.get("rawQueryString") or ""),
        media=media,
        body=_body(text, media) if text else None,
        request=Request(event),
    )


def _body(text: str, media: str) -> Any:
    return dict(parse_qsl(text)) if media == "application/x-www-form-urlencoded" else json.loads(text)
