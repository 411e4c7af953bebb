"""What a machine caught, in words for whoever asked."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

_FAULTS = frozenset({"Invalid", "NotFound", "Conflict", "NotAllowed", "TooLarge"})
"""Errors that say what is wrong with the request; others are ours."""


class Failure(NamedTuple):
    """`broken`: the request is not at fault, the same one may be sent again."""

    reasons: list[str]
    broken: bool


def failure_of(error: dict[str, Any], what: str) -> Failure:
    """The failure that a Catch put into the state as `Error` and `Cause`."""
    name = str(error.get("Error", ""))
    message = _message(str(error.get("Cause", "")))
    if name in _FAULTS and message:
        return Failure(message.split("\n"), broken=False)
    return Failure([f"the {what} was interrupted ({name or 'unknown error'}); try again"], broken=True)


def _message(cause: str) -> str:
    try:
        told = json.loads(cause)
    except ValueError:
        return ""
    return str(told.get("errorMessage", "")) if isinstance(told, dict) else ""
