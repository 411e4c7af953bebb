"""Contract templates: terms that new contracts may begin with."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

from souk.catalogue import View, keep
from souk.errors import Conflict
from souk.identity.permissions import require_write
from souk.identity.principal import Principal
from souk.store.port import Record
from souk.work import Work

KIND = "contract_template"


class TemplateCard(TypedDict):
    """What the core knows of a template; what its terms say is the door's view."""

    name: str
    created_by: str
    domain: NotRequired[str]


class Wanted(NamedTuple):
    """A template as a client wants it: `domain` is the one that its terms name, `terms` what they say."""

    name: str
    domain: str | None
    terms: dict[str, Any] | None


def create_template(work: Work, template_id: str | None, wanted: Wanted, principal: Principal, dialect: str) -> Record:
    """Make a template. Keys, governance, and managers of its domain may. Raises NotAllowed, Conflict (a taken id)."""
    require_write(principal, work, domain=wanted.domain)
    made = template_id or work.new_id(KIND)
    if work.find(KIND, made) is not None:
        raise Conflict(f"contract template {made!r} exists already", code="already_exists")
    return _keep(work, made, wanted, principal.label, dialect)


def change_template(work: Work, template: Record, wanted: Wanted, principal: Principal, dialect: str) -> Record:
    """Replace what the template says. Its maker may, too, but put it into their own domains only. Raises NotAllowed."""
    card = template_card(template)
    demand_keeper(work, template, principal)
    if wanted.domain != card.get("domain"):
        require_write(principal, work, domain=wanted.domain)
    return _keep(work, template.id, wanted, card["created_by"], dialect)


def delete_template(work: Work, template: Record, principal: Principal) -> None:
    """Delete the template; contracts that began with it stay as they are. Raises NotAllowed."""
    demand_keeper(work, template, principal)
    work.remove(template)


def find_templates(work: Work, *, name: str | None = None, domains: Collection[str] = ()) -> Iterator[Record]:
    """Templates of this name and of one of these domains, oldest first; what is not given does not matter."""
    for record in work.records(KIND):
        card = template_card(record)
        if name in {None, card["name"]} and (not domains or card.get("domain") in domains):
            yield record


def template_card(template: Record) -> TemplateCard:
    """The card of a template."""
    return cast(TemplateCard, template.body["card"])


def demand_keeper(work: Work, template: Record, principal: Principal) -> None:
    """Whoever made the template, managers of its domain, governance and keys. Raises NotAllowed."""
    card = template_card(template)
    require_write(principal, work, domain=card.get("domain"), person=card["created_by"])


def _keep(work: Work, template_id: str, wanted: Wanted, by: str, dialect: str) -> Record:
    card = TemplateCard(name=wanted.name, created_by=by)
    if wanted.domain:
        card["domain"] = wanted.domain
    return keep(work, KIND, template_id, card, View(dialect, {"terms": wanted.terms}))
