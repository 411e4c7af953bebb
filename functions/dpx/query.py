"""Query parameters (contract 1.1)."""

from __future__ import annotations

from datetime import datetime

from souk import clock
from souk.edge.request import Request
from souk.errors import Invalid


def flag(request: Request, name: str) -> bool:
    """A parameter that says true or false; absent is false. Raises Invalid."""
    text = request.query_one(name) or "false"
    if text.lower() not in {"true", "false"}:
        raise Invalid(f"{name}: must be true or false")
    return text.lower() == "true"


def instant(request: Request, name: str) -> datetime | None:
    """A parameter that names an instant. Raises Invalid."""
    text = request.query_one(name)
    if text is None:
        return None
    try:
        # A plus sign that was not encoded arrives as a space.
        return clock.parse(text.replace(" ", "+"))
    except (ValueError, OverflowError):
        raise Invalid(f"{name}: must be a date and time with its zone, such as 2026-06-27T15:55:07Z") from None
