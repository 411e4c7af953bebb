"""Who may do what, in the words of docs/permissions.md: the rules that rows of the matrix name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.authorisation.people import Person

Rule = Callable[[Person, str], bool]
"""Whether somebody may, on the objects of a side."""
Body = Callable[[Mapping[str, str], Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Row:
    """One operation: a request, who may send it, and what is answered.

    `names` in `target` and in texts of `body` (`<word>`) are ids of the side. `gone` is the answer where there is
    no such object,
    """

    target: str
    rule: Rule
    body: Any = None
    ok: int = 200
    gone: int = 404
    scope: str = ""
    seen: Rule | None = None
    """Who may know of the object at all; everybody else is told that it does not exist. None: everybody."""
    public: int = 0
    """Status for whoever brings no credential that counts; 0: they are refused."""
    gone_first: bool = True
    """Whether one who may not is told that there is nothing."""


def governs(who: Person) -> bool:
    return "governance" in who.permissions


def everybody(who: Person, side: str) -> bool:
    """Reading: scope `read`; every person."""
    return True


def people_only(who: Person, side: str) -> bool:
    """`require_user`."""
    return who.kind == "user"


def owner(who: Person, side: str) -> bool:
    """What has an owner team and lies in no domain."""
    return who.kind == "key" or governs(who) or side in who.teams


def side_of(who: Person, side: str) -> bool:
    """What has an owner team and lies in a domain."""
    return who.kind == "key" or governs(who) or side in who.sides


def managers(who: Person, side: str) -> bool:
    """What lies in a domain and has no owner team here."""
    return who.kind == "key" or governs(who) or side in who.domains


def organisation(who: Person, side: str) -> bool:
    """What no team owns."""
    return who.kind == "key" or governs(who)


def administrators(who: Person, side: str) -> bool:
    """Teams, domains, users."""
    return organisation(who, side) or "user_admin" in who.permissions


def either_side(who: Person, side: str) -> bool:
    """Of an access: whoever asked or gains, and the provider's side."""
    return side_of(who, side) or who.consumer


def approvers(who: Person, side: str) -> bool:
    """Of a request under the default policy of the Immuta door: governance and managers of the domain."""
    return "decide" in who.scopes if who.kind == "key" else managers(who, side)


def makers(who: Person, side: str) -> bool:
    """Of versions: whoever made them, managers of the domain, governance, keys."""
    return managers(who, side) or side in who.makes


def concerned(who: Person, side: str) -> bool:
    """Of an order: whoever placed it, the product's side, keys, governance; the auditor reads it as well."""
    return makers_side(who, side) or who.consumer


def readers_of_orders(who: Person, side: str) -> bool:
    return concerned(who, side) or "audit" in who.permissions


def makers_side(who: Person, side: str) -> bool:
    """The side of a product without an owner team: managers of its domain."""
    return managers(who, side)


def consumer(who: Person, side: str) -> bool:
    """Whoever placed the order, and keys."""
    return who.kind == "key" or who.consumer


def some_manager(who: Person, side: str) -> bool:
    """Setting up takes a key, governance, or managing any domain."""
    return organisation(who, side) or bool(who.domains)


def reporters(who: Person, side: str) -> bool:
    """Systems that report grants: the scope `grants`; or governance."""
    return "grants" in who.scopes if who.kind == "key" else governs(who)


def withdrawers(who: Person, side: str) -> bool:
    """Of a request in the Immuta door: whoever asked or gains, the product's side; a key speaks for everybody."""
    return managers(who, side) or who.consumer


def domain_keepers(who: Person, side: str) -> bool:
    """Of a domain: its managers, and administrators."""
    return administrators(who, side) or side in who.domains
