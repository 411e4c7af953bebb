"""An HTTP answer, and its form for API Gateway."""

from __future__ import annotations

import base64
import gzip
from dataclasses import dataclass, field
from typing import Any

MAX_ANSWER = 5 * 1024 * 1024
"""Bytes of an answer's body as text. Lists are cut before; a Lambda answer ends at 6 MB."""
_PACK_ABOVE = 512 * 1024


@dataclass(slots=True)
class Response:
    """`body` is text or bytes, already encoded; header names are lower-case."""

    status: int = 200
    body: str | bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def as_gateway(self, *, accepts_gzip: bool) -> dict[str, Any]:
        """The dict that the function returns. Large answers are packed for clients that take gzip.

        So is what no function could answer otherwise, such as a list that its contract gives no pages.
        """
        data = self.body.encode() if isinstance(self.body, str) else self.body
        answer: dict[str, Any] = {"statusCode": self.status, "headers": self.headers, "isBase64Encoded": False}
        if len(data) > (_PACK_ABOVE if accepts_gzip else MAX_ANSWER):
            packed = gzip.compress(data, 4, mtime=0)
            self.headers["content-encoding"] = "gzip"
            self.headers["vary"] = "accept-encoding"
            return answer | {"body": base64.b64encode(packed).decode(), "isBase64Encoded": True}
        try:
            return answer | {"body": data.decode()}
        except UnicodeDecodeError:
            return answer | {"body": base64.b64encode(data).decode(), "isBase64Encoded": True}
