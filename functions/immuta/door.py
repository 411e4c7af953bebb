"""The Immuta door: error bodies as NestJS words them, bearer tokens and keys (contract section 1)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from souk import jsontext
from souk.edge.call import Call
from souk.edge.dialect import Dialect
from souk.edge.request import Request
from souk.edge.response import Response
from souk.errors import (
    Busy,
    Conflict,
    Failed,
    Invalid,
    NotAllowed,
    NotFound,
    PreconditionFailed,
    Referenced,
    SoukError,
    TooLarge,
    Unauthenticated,
    UnknownOperation,
    Unreadable,
)

__all__ = ["DIALECT", "DOOR", "Call", "Response"]

DIALECT = "immuta"
_STATUS: dict[type[SoukError], int] = {
    Unreadable: 400,
    Invalid: 400,
    TooLarge: 413,
    Unauthenticated: 401,
    NotAllowed: 403,
    NotFound: 404,
    UnknownOperation: 404,
    Conflict: 409,
    Referenced: 409,
    PreconditionFailed: 412,
    Busy: 503,
    Failed: 503,
}
_PHRASES = {413: "Payload Too Large"}
"""Where the words of the service differ from those of HTTP's registry, or Python's versions among themselves."""


class ImmutaDoor(Dialect):
    """Every operation needs a token or a key; an unknown path is told so without one."""

    name = DIALECT
    public_operations = frozenset({"unknownPath"})

    def refuse(self, error: SoukError, request: Request) -> Response:
        """`{"statusCode", "message", "error"}`. Unforeseen errors become a 500 without details."""
        status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
        phrase = _PHRASES.get(status) or HTTPStatus(status).phrase
        body = {"statusCode": status, "message": _message(error, request, phrase), "error": phrase}
        return Response(status, jsontext.dump(body), {"content-type": "application/json; charset=utf-8"})

    def missing_credential_headers(self) -> dict[str, str]:
        """What a client without a valid token is asked for."""
        return {"www-authenticate": "Bearer"}


def _message(error: SoukError, request: Request, phrase: str) -> Any:
    if isinstance(error, Invalid):
        return [_clean(line) for line in error.problems]
    if isinstance(error, UnknownOperation):
        return _clean(f"Cannot {request.method} {request.path}")
    return _clean(error.message) or phrase


def _clean(text: str) -> str:
    """A path may hold half of a surrogate pair, which no JSON text can."""
    return text[:1000].encode(errors="replace").decode()


DOOR = ImmutaDoor()
