"""Bodies of requests and determinations (contract sections 5 and 7)."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from pydantic import ConfigDict, Field

from immuta.door import DIALECT
from immuta.lens.request import columns_in, snapshot
from immuta.schemas.fields import Shape, Text, Uuid, checked
from souk.access.asking import Submission
from souk.edge.call import Call
from souk.errors import Invalid
from souk.store.port import Record


class Request(Shape):
    """A request for the data."""

    user: Uuid
    form: Any = None


class Column(Shape):
    """One column of a data source."""

    columnName: Text  # noqa: N815 - the wire's names
    sourceId: Text  # noqa: N815


class MaskingException(Request):
    """A request to see columns unmasked."""

    columns: list[Column] = Field(min_length=1)


class Determination(Shape):
    """What an approver decides. No other keys."""

    model_config = ConfigDict(strict=True, extra="forbid")

    status: Literal["APPROVED", "BLOCKED", "CANCELED", "DENIED", "PENDING"]
    reason: str | None = None
    duration: int | None = Field(default=None, ge=1)
    durationUnit: Literal["HOURS", "DAYS", "WEEKS", "MONTHS", "YEARS"] | None = None  # noqa: N815 - the wire's name


class Verdict(NamedTuple):
    """A determination in the core's words."""

    verdict: Literal["approved", "denied"]
    reason: str
    duration: int | None
    unit: str | None


def new_request(call: Call, product: Record) -> Submission:
    """A checked request for the data of a product."""
    return _submission(checked(Request, call), product)


def new_exception(call: Call, product: Record) -> Submission:
    """A checked request for columns."""
    body = checked(MaskingException, call)
    return _submission(body, product)._replace(columns=columns_in(body["columns"]))


def determination(call: Call) -> Verdict:
    """A checked determination. Raises Invalid: only APPROVED and DENIED are ones."""
    body = checked(Determination, call)
    if body["status"] not in {"APPROVED", "DENIED"}:
        raise Invalid("status must be APPROVED or DENIED")
    approves = body["status"] == "APPROVED"
    unit = (body.get("durationUnit") or "DAYS").lower()
    duration = body.get("duration") if approves else None
    return Verdict("approved" if approves else "denied", body.get("reason") or "", duration, unit if duration else None)


def _submission(body: dict[str, Any], product: Record) -> Submission:
    view = {"dataProduct": snapshot(product)}
    return Submission(body["user"], view, DIALECT, body.get("form"), answered="form" in body)
