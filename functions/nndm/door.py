"""The NNDM door: problem+json errors (contract G5, G6), API keys and bearer tokens."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from souk import jsontext
from souk.edge.call import Call
from souk.edge.dialect import Dialect, record_at
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

__all__ = ["DOOR", "Call", "Response", "record_at"]

_STATUS: dict[type[SoukError], int] = {
    Unreadable: 400,
    Invalid: 422,
    TooLarge: 413,
    Unauthenticated: 403,
    NotAllowed: 403,
    NotFound: 404,
    UnknownOperation: 404,
    Conflict: 422,
    Referenced: 422,
    PreconditionFailed: 412,
    Busy: 503,
    Failed: 503,
}

_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}
"""Phrases that depend on Python's version."""

_NAMES = {
    "product": "data product",
    "contract": "data contract",
    "access": "data usage agreement",
    "port": "output port",
    "source_system": "source system",
    "test_run": "test result",
}
"""What clients call the core's kinds, where the words differ."""

_USES = {
    "product": "a data usage agreement names it; delete the agreement first",
    "contract": "an output port names it as its data contract; change or delete the data product first",
    "asset": "a data product or one of its ports lists it; change or delete the data product first",
}
"""Why a delete of this kind is refused (rules D1 to D3)."""


class NndmDoor(Dialect):
    """Every operation needs a key or token; an unknown path is told so without one (ruling R7)."""

    name = "nndm"
    public_operations = frozenset({"unknownPath"})

    def refuse(self, error: SoukError, request: Request) -> Response:
        """A problem document that names what is wrong. Unforeseen errors become a 500 without details."""
        status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
        problem: dict[str, Any] = {
            "type": "about:blank",
            "title": _title(status),
            "status": status,
            "detail": _clean(_detail(error)),
            "instance": _clean(request.path),
        }
        if isinstance(error, Invalid) and len(error.problems) > 1:
            problem["problems"] = [_clean(line) for line in error.problems]
        return Response(status, jsontext.dump(problem), {"content-type": "application/problem+json"})


def _title(status: int) -> str:
    return _TITLES.get(status) or HTTPStatus(status).phrase


def _detail(error: SoukError) -> str:
    kind, exact_id = str(error.facts.get("kind", "")), error.facts.get("id")
    name = _NAMES.get(kind, kind)
    if isinstance(error, NotFound) and kind:
        return f"Could not find {name} by id '{exact_id}'"
    if isinstance(error, Referenced):
        why = _USES.get(kind, "something still points at it")
        return f"The {name} '{exact_id}' cannot be deleted: {why}"
    if isinstance(error, Invalid):
        return "; ".join(error.problems)
    if isinstance(error, Unauthenticated):
        return f"Send a valid API key in the header x-api-key: {error.message or 'the request carries none'}"
    return _sentence(error.message) or _title(500)


def _clean(text: str) -> str:
    """A path may hold half of a surrogate pair, which no JSON text can."""
    return text.encode(errors="replace").decode()


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:]


DOOR = NndmDoor()
