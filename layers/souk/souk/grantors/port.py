"""The grantor port: what the core asks of the system that holds the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

Permission = dict[str, str]
"""One permission in the system's own words, such as principal, database and table. It says all that takes it back."""


class Wish(NamedTuple):
    """An access that is in force: to whom (`kind:name`), and to which ports (cards) of a team's product."""

    subject: str
    product: str
    owner: str
    ports: Sequence[Mapping[str, Any]]


class Grantor(Protocol):
    """Gives and takes permissions. Every call may be repeated, and has the effect of one.

    Where `applies` is false, nothing is to be done here: `reports` then tells whether somebody else does it and
    says so later (True), or nobody needs to (False).
    """

    name: str
    applies: bool
    reports: bool

    def plan(self, wish: Wish) -> list[Permission]:
        """The permissions that fulfil the wish. Raises errors.Invalid where the system has no words for it."""
        ...

    def grant(self, permission: Permission) -> None:
        """Raises errors.Invalid (it cannot be given), errors.Failed (try again)."""
        ...

    def revoke(self, permission: Permission) -> None:
        """Take it back; one that is not there is no error. Raises errors.Failed."""
        ...

    def holds(self, permission: Permission) -> bool:
        """Whether the system has it. Raises errors.Failed."""
        ...


class Bystander:
    """A grantor that does nothing itself: Souk records access, and whoever hears of it provides for it."""

    applies = False

    def __init__(self, name: str, *, reports: bool) -> None:
        self.name, self.reports = name, reports

    def plan(self, wish: Wish) -> list[Permission]:  # noqa: ARG002 - the port's
        """Nothing that Souk would have to remember."""
        return []

    def grant(self, permission: Permission) -> None:
        """Never called."""

    def revoke(self, permission: Permission) -> None:
        """Never called."""

    def holds(self, permission: Permission) -> bool:  # noqa: ARG002 - the port's
        """Nothing is planned, so all of it is there."""
        return True
