"""What can go wrong, said in the core's words.

The core raises these with data; each door words them in one table of its own.
"""

from __future__ import annotations


class SoukError(Exception):
    """Base of every error that a door words. `message` names what is wrong, in plain English."""

    def __init__(self, message: str = "", **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


class Unreadable(SoukError):
    """The request cannot be read: not JSON, not an object, a bad query parameter."""


class Invalid(SoukError):
    """The request was read but breaks a rule. `problems` lists every one of them."""

    def __init__(self, message: str, problems: list[str] | None = None, **facts: object) -> None:
        super().__init__(message, **facts)
        self.problems = problems or [message]


class TooLarge(SoukError):
    """A stated limit (body, depth, patch, references in one write) is exceeded."""


class Unauthenticated(SoukError):
    """No credential, or one that is unknown, expired or revoked."""


class NotAllowed(SoukError):
    """The caller is known and may not do this."""


class NotFound(SoukError):
    """No such record. Facts: `kind` and `id`."""


class UnknownOperation(SoukError):
    """No operation lives at this path, or not with this method."""


class Conflict(SoukError):
    """The record's state, or a name that is taken, forbids the change."""


class Referenced(SoukError):
    """Something still points at the record that was to be deleted. Facts: `kind` and `id`."""


class PreconditionFailed(SoukError):
    """`If-Match` names another revision than the stored one."""


class Busy(SoukError):
    """Too much contention or throttling; the same request may be sent again. Maps to 429 or 503."""


class Failed(SoukError):
    """A service that Souk depends on did not answer. The same request may be sent again."""
