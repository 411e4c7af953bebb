"""The DPX door: bearer credentials, errors with a closed list of codes (contract 1.3), an audit event for each call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dpx.audit import audited
from souk import jsontext
from souk.edge.call import Call
from souk.edge.dialect import Body, Dialect, Handler, Reads
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

__all__ = ["DOOR", "Call", "Response"]

_WORDS: tuple[tuple[type[SoukError], int, str], ...] = (
    (Unauthenticated, 401, "not_authenticated"),
    (NotAllowed, 403, "not_authorized"),
    (NotFound, 404, "does_not_exist"),
    (UnknownOperation, 404, "does_not_exist"),
    (Unreadable, 400, "request_body_error"),
    (TooLarge, 400, "request_body_error"),
    (Invalid, 400, "invalid_parameter"),
    (Conflict, 409, "conflict"),
    (Referenced, 409, "conflict"),
    (PreconditionFailed, 412, "conflict"),
    (Busy, 429, "too_many_requests"),
    (Failed, 503, "dependent_service_error"),
)
_DEFECT = (500, "unexpected_exception")
_CODES = {"patch": "patch_error", "already_exists": "already_exists", "missing": "missing_required_value"}
"""Contract codes by what the core or a schema says of an error."""
_MAX_ERRORS = 50


class DpxDoor(Dialect):
    """Every operation needs a token; an unknown path is told so without one."""

    name = "dpx"
    public_operations = frozenset({"unknownPath"})

    def bearer_only(self) -> bool:
        """The contract knows no other place for a credential."""
        return True

    def operation(
        self, name: str, *, reads: Reads | None = None, scope: str | None = None
    ) -> Callable[[Body], Handler]:
        """As every door, and the call leaves its audit event."""
        decorate = super().operation(name, reads=reads, scope=scope)
        return lambda body: decorate(audited(name, body))

    def refuse(self, error: SoukError, request: Request) -> Response:
        """`{trace, errors}`, one error for each problem. Unforeseen errors become a 500 without details."""
        status, code = next(((s, c) for kind, s, c in _WORDS if isinstance(error, kind)), _DEFECT)
        errors = [{"code": one, "message": text} for one, text in _errors(error, code)][:_MAX_ERRORS]
        headers = {"content-type": "application/json", "x-global-transaction-id": request.id}
        return Response(status, jsontext.dump({"trace": request.id, "errors": errors}), headers)


def _errors(error: SoukError, code: str) -> list[tuple[str, str]]:
    own = _CODES.get(str(error.facts.get("code", "")), code)
    if not isinstance(error, Invalid):
        return [(own, error.message or "internal error")]
    codes: Any = error.facts.get("codes") or [own] * len(error.problems)
    return [(_CODES.get(one, one), text) for one, text in zip(codes, error.problems, strict=True)]


DOOR = DpxDoor()
