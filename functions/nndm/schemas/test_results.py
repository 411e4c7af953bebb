"""Test results (contract section 3.9)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, WithJsonSchema

from nndm.schemas.fields import Id, Shape, Text

_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})\Z"
)


def _instant(value: str) -> str:
    parts = _INSTANT.match(value)
    try:
        if parts is None:
            raise ValueError
        datetime.fromisoformat(f"{parts[1]}T{parts[2]}{parts[3].upper()}")
    except ValueError:
        raise ValueError("must be a time with its zone as RFC 3339 has it, such as 2026-01-31T12:00:00Z") from None
    return value


Instant = Annotated[str, AfterValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})]
Outcome = Literal["passed", "failed", "warning", "error", "unknown"]


class Check(Shape):
    """One check. One that did not run has no result."""

    type: str | None = None
    name: str | None = None
    result: Outcome | None = None
    engine: str | None = None


class Log(Shape):
    """One line of the run's log."""

    level: str | None = None
    message: str | None = None


class TestResults(Shape):
    """A run. `server` may be missing where the contract has only one."""

    id: Id
    data_contract_id: Text
    data_contract_version: Text
    server: Text | None = None
    timestamp_start: Instant
    timestamp_end: Instant
    result: Outcome
    checks: list[Check] | None = None
    logs: list[Log] | None = None
