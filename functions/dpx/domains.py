"""Business domains and the domains below them (contract section 6, `{B}/domains`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dpx.catalogs import allow_container, demand_container
from dpx.lens.content import DIALECT
from dpx.lens.domain import PATCHABLE, show_below, show_tree
from dpx.lists import list_in_domains
from dpx.query import flag
from souk import patch
from souk.catalogue import MAX_ID
from souk.edge.call import Call
from souk.edge.request import Request
from souk.errors import Invalid
from souk.ids import keys_for_uuid
from souk.organisation import domain_tree
from souk.organisation.domain_tree import Seedling
from souk.organisation.domains import KIND
from souk.store.port import Record

Wire = dict[str, Any]


def domain_reads(request: Request) -> Iterable[str]:
    """The domain in the path; its revision is not the answer's, which shows others as well."""
    shown = request.path_parameters.get("domain_id", "")
    return ("", *keys_for_uuid(KIND, shown)) if len(shown) <= MAX_ID else ()


def list_domains(call: Call) -> Wire:
    """Every domain with none above it; with `include_subdomains`, what lies below each. Raises Invalid, NotFound."""
    allow_container(call.request)
    deep = flag(call.request, "include_subdomains")
    trees = domain_tree.trees(call.work)
    return {"domains": [show_tree(one, below if deep else None) for one, below in trees]}


def create_domain(call: Call, top: Seedling, below: list[Seedling]) -> Wire:
    """Make a domain with others below it. Raises NotAllowed, Invalid, Conflict."""
    flag(call.request, "link_to_subcontainers")
    return show_tree(*domain_tree.plant(call.work, top, below, call.principal, DIALECT))


def create_subdomain(call: Call, one: Seedling) -> Wire:
    """Make a domain below the one in the path. Raises NotFound, NotAllowed, Invalid, Conflict."""
    demand_container(call.request)
    return show_below(domain_tree.graft(call.work, _domain(call), one, call.principal, DIALECT))


def domain_answer(call: Call) -> Wire:
    """The domain in the path, with what lies right below it. Raises NotFound."""
    return _shown(call, _domain(call))


def patch_domain(call: Call) -> Wire:
    """Change name, description, roles or properties by a JSON Patch. Raises NotFound, NotAllowed, Invalid, Conflict."""
    from dpx.schemas.domain import patched_domain

    demand_container(call.request)
    domain = _domain(call)
    below = domain_tree.directly_below(call.work, domain.id)
    before = show_tree(domain, below)
    after = patch.apply(before, call.request.json, optional=PATCHABLE)
    fixed = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    if set(fixed) - PATCHABLE:
        raise Invalid(f"{', '.join(sorted(set(fixed) - PATCHABLE))}: cannot be changed")
    changed = domain_tree.change_domain(call.work, domain, patched_domain(after), call.principal, DIALECT)
    return show_tree(changed, below)


def delete_domain(call: Call) -> None:
    """Delete the domain in the path and what lies below it. Raises NotFound, NotAllowed, Conflict."""
    domain_tree.fell(call.work, _domain(call), call.principal)


def products_answer(call: Call) -> Wire:
    """Versions of the products in the domain and in every domain below it (R16). Raises NotFound, Invalid."""
    demand_container(call.request)
    return list_in_domains(call, [one.id for one in domain_tree.subtree(call.work, _domain(call))])


def _domain(call: Call) -> Record:
    return domain_tree.find_shown(call.work, call.path["domain_id"])


def _shown(call: Call, domain: Record) -> Wire:
    return show_tree(domain, domain_tree.directly_below(call.work, domain.id))
