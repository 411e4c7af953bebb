"""Query parameters (contract 1.1)."""

from __future__ import annotations

import re
from datetime import datetime

from souk import clock
from souk.edge.request import Request
from souk.errors import Invalid

_ID = re.compile(r'[\w.,:$&()\s\-^"]{36}\Z')
_VERSION = re.compile(r"(?=.{5,36}\Z)[0-9]+\.[0-9]+\.[0-9]+\Z")


def identifier(request: Request, name: str) -> str | None:
    """A parameter that is an id, which may be unknown here. Raises Invalid."""
    text = request.query_one(name)
    if text is not None and not _ID.match(text):
        raise Invalid(f"{name}: must be an id of 36 characters")
    return text


def version_number(request: Request, name: str) -> str | None:
    """A parameter that is a version number. Raises Invalid."""
    text = request.query_one(name)
    if text is not None and not _VERSION.match(text):
        raise Invalid(f"{name}: must be three numbers with dots between them, such as 1.0.0")
    return text


def flag(request: Request, name: str, *, absent: bool = False) -> bool:
    """A parameter that says true or false, or what it means when it is absent. Raises Invalid."""
    text = request.query_one(name) or str(absent)
    if text.lower() not in {"true", "false"}:
        raise Invalid(f"{name}: must be true or false")
    return text.lower() == "true"


def instant(request: Request, name: str) -> datetime | None:
    """A parameter that names an instant. Raises Invalid."""
    text = request.query_one(name)
    # A plus sign that was not encoded arrives as a space.
    return None if text is None else instant_of(text.replace(" ", "+"), name)


def instant_of(text: str, name: str) -> datetime:
    """The instant that a text says. Raises Invalid."""
    try:
        return clock.parse(text)
    except (ValueError, OverflowError):
        raise Invalid(f"{name}: must be a date and time with its zone, such as 2026-06-27T15:55:07Z") from None
