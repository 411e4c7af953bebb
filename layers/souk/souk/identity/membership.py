"""Which teams a caller belongs to: token groups, and Team records that list the caller's e-mail.

Team records are read only when a rule asks. Token groups may hold a team's id or its name.
"""

from __future__ import annotations

from souk.identity.principal import Principal
from souk.ids import record_key
from souk.organisation import teams
from souk.work import Work


def teams_of(principal: Principal, work: Work) -> frozenset[str]:
    """Ids and names of all teams the caller belongs to, and groups of the token that are no known team."""
    if principal.kind != "user":
        return frozenset()
    listed = teams.teams_of(work, principal.email) if principal.email else []
    ids = principal.teams.union(listed)
    work.fetch(record_key(teams.KIND, team_id) for team_id in ids)
    records = [work.find(teams.KIND, team_id) for team_id in ids]
    return ids.union(record.body["card"]["name"] for record in records if record)


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
