"""Which teams a caller belongs to: token groups, and Team records that list the caller's e-mail.

Team records are read only when a rule asks. Token groups may hold a team's id or its name.
"""

from __future__ import annotations

from collections.abc import Iterable

from souk.identity.principal import Principal
from souk.ids import record_key
from souk.organisation import teams
from souk.store.port import Record
from souk.work import Work


def teams_of(principal: Principal, work: Work) -> frozenset[str]:
    """Ids and names of all teams the caller belongs to, and groups of the token that are no known team.

    A name that is another team's id is left out: a team is not given power by being called like another.
    """
    return all_teams(work, principal.teams, principal.email) if principal.kind == "user" else frozenset()


def all_teams(work: Work, known: frozenset[str], email: str) -> frozenset[str]:
    """The same of anybody: ids and names of teams that are known of a person, and of those that list the e-mail."""
    ids = known.union(teams.teams_of(work, email) if email else [])
    names = {record.body["card"]["name"] for record in _records(work, ids)}
    foreign = {record.id for record in _records(work, names - ids)}
    return ids.union(names - foreign)


def may_act_for(principal: Principal, team: str, work: Work) -> bool:
    """True when the caller is a member of the team that has this id or, where no team has it, this name."""
    if principal.kind != "user":
        return False
    if team in principal.teams:
        return True
    record = work.find(teams.KIND, team)
    if record is None:
        return team in teams_of(principal, work)
    named = record.body["card"]["name"] in principal.teams
    return named or (bool(principal.email) and teams.has_member(record, principal.email))


def _records(work: Work, ids: Iterable[str]) -> list[Record]:
    keys = [record_key(teams.KIND, team_id) for team_id in ids]
    work.fetch(keys)
    return [record for record in map(work.at, keys) if record]
