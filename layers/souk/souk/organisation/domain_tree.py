"""The tree of domains as people tend it: planted with what lies below, renamed, felled with everything below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast

from souk.catalogue import View, facet, refuse_rendering
from souk.errors import Conflict, Invalid, NotAllowed, NotFound
from souk.identity.permissions import manages, may_administer, require_administration
from souk.identity.principal import Principal
from souk.ids import as_uuid, keys_for_uuid
from souk.organisation.domains import BY_PARENT, KIND, UNASSIGNED, DomainCard, list_domains, put_domain
from souk.store.port import MAX_CHANGES, MAX_PAGE, Record
from souk.work import Work

MAX_PLANTED = 20
"""Domains below a new one that one commit makes."""
MAX_FELLED = MAX_CHANGES // 5 - 1
"""Domains below a domain that one commit takes away."""


class Seedling(NamedTuple):
    """A domain to be made. `id` None: the server makes one. `view`: what only the door it came by understands."""

    name: str
    id: str | None = None
    description: str = ""
    view: dict[str, Any] | None = None


def find_shown(work: Work, shown: str) -> Record:
    """The domain that a door with UUIDs shows by this id, or that has exactly this id. Raises NotFound."""
    keys = keys_for_uuid(KIND, shown)
    work.fetch(keys)
    for key in keys:
        record = work.at(key)
        if record and record.kind == KIND and shown in {record.id, as_uuid(KIND, record.id)}:
            return record
    raise NotFound(f"domain {shown!r} does not exist", kind=KIND, id=shown)


def trees(work: Work) -> list[tuple[Record, list[Record]]]:
    """Domains with none above them, oldest first, each with those right below it, by name.

    The one that stands in for a missing domain is not told.
    """
    tops, below = list[Record](), dict[str, list[Record]]()
    for one in list_domains(work):
        parent = one.body["card"].get("parent")
        (tops if parent is None else below.setdefault(parent, [])).append(one)
    return [(one, _by_name(below.get(one.id, ()))) for one in tops if one.id != UNASSIGNED]


def directly_below(work: Work, domain_id: str) -> list[Record]:
    """Domains right below this one, by name."""
    return _by_name(work.records(facet(BY_PARENT, domain_id)))


def subtree(work: Work, domain: Record) -> list[Record]:
    """The domain and everything below it, from the top."""
    found, level = [domain], [domain]
    while level:
        level = [below for one in level for below in directly_below(work, one.id)]
        found += level
    return found


def plant(
    work: Work, top: Seedling, below: Sequence[Seedling], principal: Principal, dialect: str
) -> tuple[Record, list[Record]]:
    """Make a domain and others below it, in one commit. Raises NotAllowed, Invalid, Conflict (an id that is taken)."""
    require_administration(principal)
    if len(below) > MAX_PLANTED:
        raise Invalid(f"a domain is made with {MAX_PLANTED} domains below it at most; add the rest one by one")
    made = _make(work, top, None, principal, dialect)
    return made, _by_name(_make(work, one, made.id, principal, dialect) for one in below)


def graft(work: Work, parent: Record, one: Seedling, principal: Principal, dialect: str) -> Record:
    """Make a domain below another. Raises NotAllowed, Invalid, Conflict for an id that is taken."""
    demand_tender(work, parent, principal)
    _demand_own(parent)
    # Whoever fells the parent at the same time changes it: one of the two has to look again.
    put_domain(work, parent.id, parent.body["card"])
    return _make(work, one, parent.id, principal, dialect)


def change_domain(work: Work, domain: Record, changed: Seedling, principal: Principal, dialect: str) -> Record:
    """Give the domain another name, description and view. Raises NotAllowed, Invalid, Conflict."""
    demand_tender(work, domain, principal)
    _demand_own(domain)
    card = cast(DomainCard, {**domain.body["card"], "name": changed.name})
    card.pop("description", None)
    if changed.description:
        card["description"] = changed.description
    return put_domain(work, domain.id, card, View(dialect, changed.view or {}))


def fell(work: Work, domain: Record, principal: Principal) -> None:
    """Delete the domain and everything below it.

    Raises NotAllowed, Conflict while a product is in one of them, and Invalid when there is too much below it. The
    commit raises Referenced for a product that came into one meanwhile.
    """
    require_administration(principal)
    _demand_own(domain)
    doomed = subtree(work, domain)
    if len(doomed) > MAX_FELLED:
        raise Invalid(f"more than {MAX_FELLED - 1} domains lie below this one: delete those first")
    full = [one.body["card"]["name"] for one in doomed if _has_products(work, one)]
    if full:
        raise Conflict(f"data products are in {', '.join(repr(name) for name in full)}: move them first")
    for one in doomed:
        work.remove(one, guarded=True)


def demand_tender(work: Work, domain: Record, principal: Principal) -> None:
    """Keys, administrators, and whoever manages the domain. Raises NotAllowed."""
    if not may_administer(principal) and not manages(principal, [domain.id, domain.body["card"]["name"]], work):
        raise NotAllowed("changing a domain needs an organisation's key, an administrator, or its manager")


def _by_name(domains: Iterable[Record]) -> list[Record]:
    return sorted(domains, key=lambda one: (one.body["card"]["name"].casefold(), one.id))


def _make(work: Work, one: Seedling, parent: str | None, principal: Principal, dialect: str) -> Record:
    domain_id = one.id or work.new_id(KIND)
    if work.find(KIND, domain_id) is not None:
        raise Conflict(f"domain {domain_id!r} exists already", code="already_exists")
    refuse_rendering(work, KIND, domain_id)
    card: DomainCard = {"name": one.name, "created_by": principal.label}
    if one.description:
        card["description"] = one.description
    if parent is not None:
        card["parent"] = parent
    return put_domain(work, domain_id, card, View(dialect, one.view or {}))


def _demand_own(domain: Record) -> None:
    if domain.id == UNASSIGNED:
        raise Conflict("this domain stands in where a product has none; it stays as it is")


def _has_products(work: Work, domain: Record) -> bool:
    """Products that are only drafted do not hold a domain: its name stays with them."""
    page = work.store.page(facet("product/by-domain", domain.id), limit=MAX_PAGE)
    work.fetch(entry.key for entry in page.entries)
    return any(work.at(entry.key) for entry in page.entries) or page.cursor is not None
