"""One log line a request: what was asked, how it ended, how long it took. Never a body, a query or a secret."""

from __future__ import annotations

import time
import traceback
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from souk.edge.request import Request
    from souk.identity.principal import Principal


@cache
def _logger() -> Any:
    from aws_lambda_powertools.logging import Logger

    # Every line is made here, so its place in the code says nothing; and texts are texts, none is tried as JSON.
    return Logger(location=None, json_serializer=_line, json_deserializer=str)


def _line(fields: dict[str, Any]) -> str:
    return orjson.dumps(fields, default=str).decode()


def answered(dialect: str, operation: str, request: Request, status: int, principal: Principal, started: float) -> None:
    """Log the end of a request. `started` is a perf_counter reading in seconds."""
    _logger().info(
        "answered",
        extra={
            "dialect": dialect,
            "operation": operation,
            "status": status,
            "milliseconds": round((time.perf_counter() - started) * 1000, 2),
            "principal_kind": principal.kind,
            "principal_id": principal.id,
            "request_id": request.id,
        },
    )


def audit(event: str, facts: dict[str, Any]) -> None:
    """Log that something was read: the name of the audit event, and whose request read what."""
    _logger().info("audit", extra={"event": event, **facts})


def defect(dialect: str, operation: str, request_id: str, error: Exception) -> None:
    """Log an unforeseen exception: its type and the places it passed, not its text, which may quote a payload."""
    places = [f"{f.filename.rsplit('/', 2)[-1]}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)]
    _logger().error(
        "defect",
        extra={
            "dialect": dialect,
            "operation": operation,
            "request_id": request_id,
            "error_type": type(error).__name__,
            "places": places[-12:],
        },
    )


def failed(dialect: str, operation: str, request_id: str, error: Exception) -> None:
    """Log that a service did not do its part: what kind of error it was and its code, which the caller is not told."""
    cause = error.__cause__
    told: dict[str, Any] = getattr(cause, "response", None) or {}
    _logger().error(
        "failed",
        extra={
            "dialect": dialect,
            "operation": operation,
            "request_id": request_id,
            "error_type": type(cause or error).__name__,
            "error_code": told.get("Error", {}).get("Code", ""),
        },
    )
