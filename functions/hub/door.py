"""The hub's door: plain JSON errors, and the errors of IBM's IAM where its clients fetch tokens."""

from __future__ import annotations

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
    SoukError,
    TooLarge,
    Unauthenticated,
    UnknownOperation,
    Unreadable,
)

__all__ = ["DOOR", "TOKEN_PATH", "Call", "Response"]

TOKEN_PATH = "/identity/token"  # noqa: S105 - a path
_STATUS: dict[type[SoukError], tuple[int, str]] = {
    Unreadable: (400, "bad_request"),
    Invalid: (400, "bad_request"),
    TooLarge: (413, "too_large"),
    Unauthenticated: (401, "unauthenticated"),
    NotAllowed: (403, "not_allowed"),
    NotFound: (404, "not_found"),
    UnknownOperation: (404, "not_found"),
    Conflict: (409, "conflict"),
    Busy: (503, "busy"),
    Failed: (503, "unavailable"),
}
_BAD_KEY = "BXNIM0415E"
_MISSING = "BXNIM0109E"


class HubDoor(Dialect):
    """Only grants need a credential: the token exchange reads its key from the form."""

    name = "hub"
    public_operations = frozenset(
        {"getHealth", "exchangeToken", "getKeySet", "getOpenApi", "getAsyncApi", "getDocs", "unknownPath"}
    )

    def refuse(self, error: SoukError, request: Request) -> Response:
        """`{error, message}`, or on the token path `{errorCode, errorMessage, ...}`."""
        status, word = next(
            (found for kind, found in _STATUS.items() if isinstance(error, kind)), (500, "internal_error")
        )
        body: dict[str, Any] = {"error": word, "message": _sentence(error)}
        if request.path == TOKEN_PATH and request.method == "POST":
            status, body = _as_iam(error, status, word, request)
        return Response(status, jsontext.dump(body), {"content-type": "application/json"})


def _as_iam(error: SoukError, status: int, word: str, request: Request) -> tuple[int, dict[str, Any]]:
    context = {"context": {"requestId": request.id}}
    if isinstance(error, Unauthenticated):
        return 400, {"errorCode": _BAD_KEY, "errorMessage": "Provided API key could not be found."} | context
    if isinstance(error, (Invalid, Unreadable)):
        missing = {"errorCode": _MISSING, "errorMessage": "Property missing or empty."}
        unknown = {"errorCode": "unsupported_grant_type", "errorMessage": "This grant type is not supported."}
        chosen = unknown if error.facts.get("known") is False else missing
        return 400, chosen | {"errorDetails": _sentence(error)} | context
    return status, {"errorCode": word, "errorMessage": _sentence(error)} | context


def _sentence(error: SoukError) -> str:
    text = error.message or "internal error"
    return text[:1].upper() + text[1:]


DOOR = HubDoor()
