"""Products under governance: who may make and change them, with forms, policies and data sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from souk.access import forms, judging
from souk.access.model import DATA
from souk.access.policy import Policy
from souk.access.shared import remove_product
from souk.access.standing import opens
from souk.catalogue import refuse_rendering, rendering_keys
from souk.errors import Conflict, Invalid, NotAllowed
from souk.identity import permissions, users
from souk.identity.principal import GOVERNANCE, SCOPE_WRITE, Principal
from souk.ids import record_key
from souk.organisation.domains import UNASSIGNED
from souk.products.card import KIND, Card, Port
from souk.products.naming import claim_key, claim_name
from souk.products.saving import save_card
from souk.products.sources import misplaced, replace_sources, source_id
from souk.store.port import Record
from souk.work import Work


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write says. `card` holds given fields (None clears), `sources` ids, `policies` and `forms` by type."""

    card: dict[str, Any] = field(default_factory=dict)
    sources: Sequence[str] | None = None
    forms: dict[str, str] = field(default_factory=dict)
    policies: dict[str, Policy | None] = field(default_factory=dict)


def create_product(
    work: Work, product_id: str | None, changes: Changes, view: dict[str, Any], dialect: str, by: Principal
) -> Record:
    """A new product. Raises NotAllowed (not every domain is the caller's to manage), Conflict (name, id), Invalid."""
    users.ensure_user(work, by)
    exact_id = product_id or work.new_id(KIND)
    require_management(work, changes.card["domains"], by)
    own = [record_key(KIND, exact_id), *rendering_keys(exact_id), judging.policy_key(exact_id)]
    work.fetch([*own, *_named(changes, "")])
    if work.find(KIND, exact_id) is not None:
        raise Conflict(f"a data product with the id '{exact_id}' exists already")
    refuse_rendering(work, KIND, exact_id)
    card: Card = {"title": "", "status": "active", "ports": [], "suspended": False, "origin": dialect}
    card["created_by"] = by.id if by.kind == "user" else by.label
    return _keep(work, exact_id, card, changes, view, dialect)


def change_product(
    work: Work, product: Record, changes: Changes, view: dict[str, Any], dialect: str, by: Principal
) -> Record:
    """New content for a product: what is given replaces, the rest stays. Raises NotAllowed, Conflict, Invalid."""
    require_alteration(work, product, by)
    former, wanted = domains_of(product.body["card"]), changes.card.get("domains")
    if wanted is not None and set(wanted) - set(former):
        require_management(work, sorted(set(wanted) - set(former)), by)
    return _keep(work, product.id, cast(Card, dict(product.body["card"])), changes, view, dialect)


def delete_product(work: Work, product: Record, by: Principal) -> None:
    """Delete a product, ending every access to it first. Raises NotAllowed."""
    require_management(work, domains_of(product.body["card"]), by)
    policies = work.at(judging.policy_key(product.id))
    if policies is not None:
        work.remove(policies)
    remove_product(work, product)


def require_management(work: Work, domains: Sequence[str], by: Principal) -> None:
    """Raises NotAllowed unless the caller governs, or manages each of these domains. Keys that write may."""
    if by.kind == "key" and by.has_scope(SCOPE_WRITE):
        return
    if by.kind == "user" and GOVERNANCE in by.permissions:
        return
    if by.kind != "user" or not all(permissions.manages(by, domain, work) for domain in domains):
        raise NotAllowed("this needs the permission GOVERNANCE, or Manage Data Products in the domain")


def require_alteration(work: Work, product: Record, by: Principal) -> None:
    """Raises NotAllowed unless the caller governs, manages a domain of the product, or is in its owner team."""
    card: Card = product.body["card"]
    if not permissions.may_write(by, work, owner=card.get("owner"), domain=domains_of(card)):
        raise NotAllowed("this needs GOVERNANCE, Manage Data Products in the domain, or a steward of the data product")


def domains_of(card: Card) -> list[str]:
    """Every domain of a product; the stand-in where it has none."""
    return card.get("domains") or [card.get("domain") or UNASSIGNED]


def is_suspended(card: Card) -> bool:
    """Whether access to its sources is suspended: by governance, or because it is retired."""
    return card.get("suspended", False) or card.get("status") == "retired"


def _keep(work: Work, exact_id: str, card: Card, changes: Changes, view: dict[str, Any], dialect: str) -> Record:
    work.fetch(_named(changes, card["title"]))
    _merge(work, exact_id, card, changes)
    if changes.forms:
        _check_forms(work, changes.forms)
        card["forms"] = {**card.get("forms", {}), **changes.forms}
    if changes.policies:
        judging.set_policies(work, exact_id, **changes.policies)
    if DATA in changes.forms or DATA in changes.policies:
        _flag(work, exact_id, card)
    if changes.sources is not None:
        _attach(work, exact_id, card, changes.sources)
    elif "domains" in changes.card and (problems := misplaced(work, card)):
        raise Invalid("a data source belongs to another domain", problems)
    return save_card(work, exact_id, card, dialect, view)


def _named(changes: Changes, former_title: str) -> list[str]:
    """Keys of what a write names: forms, data sources, a new title."""
    keys = [record_key(forms.FORM, form) for form in changes.forms.values()]
    keys += [record_key("asset", source) for source in changes.sources or ()]
    title = changes.card.get("title") or former_title
    return keys if title == former_title else [*keys, claim_key(title)]


def _merge(work: Work, exact_id: str, card: Card, changes: Changes) -> None:
    given = dict(changes.card)
    if "title" in given and given["title"] != card["title"]:
        claim_name(work, given["title"], exact_id)
    if "domains" in given and given["domains"] == domains_of(card):
        del given["domains"]
    if "domains" in given:
        given["domain"] = given["domains"][0]
    if given.get("suspended") is True and card.get("status") == "retired":
        del given["suspended"]
    for name, value in given.items():
        if value is None:
            card.pop(name, None)  # type: ignore[misc]
        else:
            card[name] = value  # type: ignore[literal-required]


def _check_forms(work: Work, wanted: dict[str, str]) -> None:
    missing = sorted({form for form in wanted.values() if work.find(forms.FORM, form) is None})
    if missing:
        raise Invalid("a form does not exist", [f"the request form '{form}' does not exist" for form in missing])


def _flag(work: Work, exact_id: str, card: Card) -> None:
    """What doors without policies see: whether an access needs a decision."""
    form = work.find(forms.FORM, card.get("forms", {}).get(DATA, ""))
    is_open = opens(form.body["card"]["policy"] if form else None, judging.policy_of(work, exact_id, "data"))
    card["restricted"], card["judged_open"] = not is_open, is_open
    card["ports"] = [cast(Port, {**port, "auto_approve": is_open}) for port in card["ports"]]


def _attach(work: Work, exact_id: str, card: Card, sources: Sequence[str]) -> None:
    former = [source_id(port) for port in card["ports"]]
    card["ports"] = replace_sources(work, card, sources)
    if former != [source_id(port) for port in card["ports"]]:
        work.notice("product.sources_updated", id=exact_id, sources=list(sources))
