"""Who may do what: the rules that doors ask for. docs/permissions.md tells them in tables.

Each `may_...` answers, each `require_...` raises NotAllowed. An API key's scopes `read` and `write` are checked at the
edge as well; here they count for operations whose method does not tell.
"""

from __future__ import annotations

from collections.abc import Iterable

from souk.errors import NotAllowed
from souk.identity.membership import may_act_for
from souk.identity.principal import GOVERNANCE, SCOPE_DECIDE, SCOPE_WRITE, USER_ADMIN, Principal
from souk.ids import record_key
from souk.work import Work

Names = str | Iterable[str | None] | None
"""One name, several, or none."""


def may_write(
    principal: Principal, work: Work, *, owner: Names = None, domain: Names = None, person: Names = None
) -> bool:
    """May the caller change what `owner` (teams) owns, what lies in `domain`, or what is the own affair of `person`?

    An organisation's key with `write` may, and governance; a user may who acts for an owning team, manages a domain,
    or is the person (e-mail or user id).
    """
    if principal.kind == "key":
        return principal.has_scope(SCOPE_WRITE)
    if principal.kind != "user":
        return False
    if GOVERNANCE in principal.permissions or _is_person(principal, _names(person)):
        return True
    if _manages(principal, _names(domain), work):
        return True
    return any(may_act_for(principal, team, work) for team in _names(owner))


def require_write(
    principal: Principal, work: Work, *, owner: Names = None, domain: Names = None, person: Names = None
) -> None:
    """Raises NotAllowed unless `may_write`. For a new record give the owner it shall have, else the one it has."""
    if not may_write(principal, work, owner=owner, domain=domain, person=person):
        raise NotAllowed(_refusal(_names(owner)))


def require_decide(
    principal: Principal, work: Work, *, owner: Names = None, domain: Names = None, reviewed: bool = False
) -> bool:
    """Raises NotAllowed unless the caller may approve, reject or re-date an access to what `owner` owns.

    `reviewed`: the request stands under a review policy. There a key needs the scope `decide`, and the answer is
    True: the decision is an override, to be recorded as one.
    """
    if not may_write(principal, work, owner=owner, domain=domain):
        raise NotAllowed(_refusal(_names(owner)))
    override = reviewed and principal.kind == "key"
    if override and not principal.has_scope(SCOPE_DECIDE):
        raise NotAllowed("this request is under review; a key needs the scope 'decide' to decide it")
    return override


def may_administer(principal: Principal) -> bool:
    """May the caller change teams, domains and users? A key that writes, and administrators may.

    Members of a team cannot change the team itself: whoever names members hands out what the team owns.
    """
    if principal.kind == "key":
        return principal.has_scope(SCOPE_WRITE)
    return principal.kind == "user" and not principal.permissions.isdisjoint({GOVERNANCE, USER_ADMIN})


def require_administration(principal: Principal) -> None:
    """Raises NotAllowed unless `may_administer`."""
    if not may_administer(principal):
        raise NotAllowed("changing teams, domains and users needs an organisation's key or an administrator")


def require_user(principal: Principal) -> None:
    """Raises NotAllowed unless the caller is a person."""
    if principal.kind != "user":
        raise NotAllowed("this needs a user's token; an organisation's key has no person behind it")


def manages(principal: Principal, domain: Names, work: Work) -> bool:
    """True when the caller manages one of these domains, named by id or by name."""
    return _manages(principal, _names(domain), work)


def _manages(principal: Principal, wanted: list[str], work: Work) -> bool:
    if not wanted or not principal.managed_domains:
        return False
    if not principal.managed_domains.isdisjoint(wanted):
        return True
    work.fetch(record_key("domain", domain_id) for domain_id in principal.managed_domains)
    records = [work.find("domain", domain_id) for domain_id in principal.managed_domains]
    return any(record.body["card"]["name"] in wanted for record in records if record)


def _is_person(principal: Principal, wanted: list[str]) -> bool:
    names = {principal.id, principal.email} - {""}
    return any(name in names or name.lower() in names for name in wanted)


def _names(given: Names) -> list[str]:
    values = [given] if isinstance(given, str) else (given or ())
    return [value for value in values if value]


def _refusal(owners: list[str]) -> str:
    owned = " or ".join(f"team '{owner}'" for owner in owners)
    return (
        f"only members of {owned} may do this" if owned else "only the organisation's keys and governance may do this"
    )
