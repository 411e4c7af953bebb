"""Who may own what: the owner is a team that exists and, for most kinds, owns data."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from souk.errors import Invalid
from souk.work import Work

OWNING_TYPES = frozenset({"Domain Team", "Team"})
"""Types of teams that own products, contracts and source systems."""


def check_owner(
    work: Work, owner: str | None, before: str | None, types: Collection[str] | None = OWNING_TYPES
) -> None:
    """The owner exists, is of one of these types (None: any), and stays so until the commit.

    An owner that the write leaves unchanged is not checked again: a team that changes its type later, or is
    deleted, does not lock what it owns. Raises Invalid.
    """
    if owner is None or owner == before:
        return
    team = work.find("team", owner)
    if team is None:
        raise Invalid(f"Could not find team by id '{owner}' (the owner)", role="owner")
    type = team.body["card"].get("type") or "team without a type"
    if types is not None and type not in types:
        raise Invalid(f"The owner, team '{owner}', is a {type}; only a Domain Team can own this", role="owner")
    work.unchanged(team)


def settle_owner(work: Work, card: dict[str, Any], before: Mapping[str, Any], *, binds: bool) -> None:
    """Check the owner where it binds (see `check_owner`); drop one that is no team where not. Raises Invalid."""
    if binds:
        check_owner(work, card.get("owner"), before.get("owner"))
    elif known_owner(work, card.get("owner")) is None:
        card.pop("owner", None)


def known_owner(work: Work, owner: str | None) -> str | None:
    """The owner if such a team exists and may own data, else None: for documents that name people's own teams."""
    team = work.find("team", owner) if owner else None
    return owner if team and team.body["card"].get("type") in OWNING_TYPES else None
