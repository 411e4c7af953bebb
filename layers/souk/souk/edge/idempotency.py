"""`Idempotency-Key`: the first answer is stored in the commit of its effect, and given again for a repeat.

What takes longer than one commit is marked as begun in the first of them, so that a repeat goes on from there.
"""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import Any, NamedTuple

from souk.edge.request import Request
from souk.edge.response import Response
from souk.errors import Conflict, Invalid
from souk.identity.principal import Principal
from souk.work import Work

KIND = "idempotency"
LIFETIME_SECONDS = 24 * 3600
MAX_KEY = 255


class Token(NamedTuple):
    """Whose repeat it would be (`id`), and what the request said (`fingerprint`)."""

    id: str
    fingerprint: str


def token(request: Request, principal: Principal, operation: str) -> Token | None:
    """The request's idempotency token, or None. Raises Invalid for an over-long key."""
    key = request.headers.get("idempotency-key", "")
    if not key or request.method == "GET":
        return None
    if len(key) > MAX_KEY:
        raise Invalid(f"Idempotency-Key is longer than {MAX_KEY} characters")
    target = f"{request.method} {request.path}?{request.raw_query}"
    whole = b"\0".join([target.encode("utf-8", "surrogatepass"), request.body])
    return Token(f"{principal.kind}:{principal.id}:{operation}:{key}", sha256(whole).hexdigest())


def earlier(work: Work, repeat: Token, request: Request) -> Response | None:
    """The answer that this token got before. Raises Conflict when it was used for another request."""
    record = work.find(KIND, repeat.id)
    if record is None:
        return None
    if record.body["fingerprint"] != repeat.fingerprint:
        raise Conflict("this Idempotency-Key was used for a different request")
    answer = record.body
    if "status" not in answer:
        return None
    headers = {**answer["headers"], "idempotent-replayed": "true", "x-request-id": request.id}
    return Response(answer["status"], base64.b64decode(answer["body"]), headers)


def has_begun(work: Work, repeat: Token) -> bool:
    """An earlier request with this token has committed its beginning, and was not answered."""
    record = work.find(KIND, repeat.id)
    return record is not None and "status" not in record.body


def begin(work: Work, repeat: Token) -> None:
    """Mark, in the commit that begins it, what is not answered yet."""
    _keep(work, repeat, {"fingerprint": repeat.fingerprint})


def remember(work: Work, repeat: Token, response: Response) -> None:
    """Keep the answer for a day, in the commit of the effect; not one that says it must not be stored (a secret)."""
    if "no-store" in response.headers.get("cache-control", ""):
        return
    data = response.body.encode() if isinstance(response.body, str) else response.body
    body = {
        "fingerprint": repeat.fingerprint,
        "status": response.status,
        "headers": dict(response.headers),
        "body": base64.b64encode(data).decode(),
    }
    _keep(work, repeat, body)


def _keep(work: Work, repeat: Token, body: dict[str, Any]) -> None:
    expires = int(work.now.timestamp()) + LIFETIME_SECONDS
    work.save(KIND, repeat.id, body, listed=False, expires=expires)
