"""Teams: they own what the catalogue holds, and their members act for them."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from souk.catalogue import Document, Lens, View, facet, keep
from souk.store.port import Record
from souk.work import Work

KIND = "team"
UNASSIGNED = "unassigned"
"""Id of the seeded team that a door shows where it demands an owner and the record has none."""
LARGE = f"{KIND}/large"
"""Teams with too many members for an entry each; whoever looks for a member looks through them."""
_MAX_INDEXED = 40


class Member(TypedDict):
    """One member. `email` is as sent; it is compared in lower case."""

    email: NotRequired[str]
    role: NotRequired[str]


class TeamCard(TypedDict):
    """What all doors share of a team. `type` is an open word; see `owners.OWNING_TYPES`."""

    name: str
    type: NotRequired[str]
    description: NotRequired[str]
    parent: NotRequired[str]
    members: NotRequired[list[Member]]
    tags: NotRequired[list[str]]


def put_team(work: Work, team_id: str, document: Document, lens: Lens) -> Record:
    """Create or replace a team. Raises Invalid."""
    before = work.find(KIND, team_id)
    card = lens.card(document, before.body["card"] if before else None)
    members = sorted({email for member in card.get("members", ()) if (email := _folded(member.get("email")))})
    lists = [facet(f"{KIND}/by-member", email) for email in members] if len(members) <= _MAX_INDEXED else [LARGE]
    record = keep(work, KIND, team_id, card, View(lens.dialect, document), lists=lists)
    work.event(KIND, "updated" if before else "created", team_id)
    return record


def delete_team(work: Work, team_id: str) -> None:
    """Delete a team, also one that still owns something. Raises NotFound."""
    work.remove(work.get(KIND, team_id))
    work.event(KIND, "deleted", team_id)


def teams_of(work: Work, email: str) -> list[str]:
    """Ids of the teams that list this person as a member, oldest team first."""
    wanted = _folded(email)
    found = {record.id: record.created for record in work.records(facet(f"{KIND}/by-member", wanted))}
    found |= {record.id: record.created for record in work.records(LARGE) if has_member(record, wanted)}
    return sorted(found, key=lambda team_id: (found[team_id], team_id))


def has_member(team: Record, email: str) -> bool:
    """True when the team's record lists this person."""
    wanted = _folded(email)
    return any(_folded(member.get("email")) == wanted for member in team.body["card"].get("members", ()))


def _folded(email: str | None) -> str:
    return (email or "").strip().lower()
