"""Domains: what a business is divided into. One record in every door."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NotRequired, TypedDict

from souk.catalogue import View, facet, keep
from souk.errors import Invalid
from souk.organisation import teams
from souk.store.port import Record
from souk.work import Work

KIND = "domain"
BY_PARENT = f"{KIND}/by-parent"
UNASSIGNED = "5c0f4a8e-7b1d-4c55-9e0a-1d6b3f27a900"
"""Id of the seeded domain that a door shows where it demands a domain and the record has none."""


class DomainCard(TypedDict):
    """What all doors share of a domain. `parent` is the id of the domain above."""

    name: str
    description: NotRequired[str]
    parent: NotRequired[str]
    created_by: NotRequired[str]


def put_domain(work: Work, domain_id: str, card: DomainCard, view: View | None = None) -> Record:
    """Create or replace a domain; other views of it stay.

    Raises Invalid: no name, or a parent that is missing or lies below.
    """
    if not card["name"].strip():
        raise Invalid("a domain needs a name")
    _check_parent(work, domain_id, card.get("parent"))
    before = work.find(KIND, domain_id)
    kept: dict[str, Any] = dict(before.body) if before else {}
    if view is not None:
        kept["views"] = {**kept.get("views", {}), view.dialect: view.document}
    lists = [facet(f"{KIND}/by-name", card["name"])]
    lists += [facet(BY_PARENT, card["parent"])] if "parent" in card else []
    return work.save(KIND, domain_id, {**kept, "card": card}, lists=lists)


def get_domain(work: Work, domain_id: str) -> Record:
    """The domain with this id. Raises NotFound."""
    return work.get(KIND, domain_id)


def find_domain(work: Work, text: str) -> Record | None:
    """The domain with this id or, if there is none, the oldest one with this name."""
    return work.find(KIND, text) or next(work.records(facet(f"{KIND}/by-name", text)), None)


def list_domains(work: Work) -> Iterator[Record]:
    """Every domain, oldest first."""
    return work.records(KIND)


def delete_domain(work: Work, domain_id: str) -> None:
    """Delete a domain; what names it keeps the name as text. Raises NotFound."""
    work.remove(work.get(KIND, domain_id))


def seed_unassigned(work: Work) -> None:
    """Make the team and the domain that stand in for a missing owner or domain, unless they are there."""
    if work.find(KIND, UNASSIGNED) is None:
        put_domain(work, UNASSIGNED, {"name": "Unassigned"})
    if work.find(teams.KIND, teams.UNASSIGNED) is None:
        card = {"name": "Unassigned", "type": "Domain Team", "members": []}
        keep(work, teams.KIND, teams.UNASSIGNED, card, View("souk", None))


def _check_parent(work: Work, domain_id: str, parent: str | None) -> None:
    above, passed = parent, {domain_id}
    while above is not None:
        if above in passed:
            raise Invalid(f"domain {domain_id!r} cannot lie below itself")
        record = work.find(KIND, above)
        if record is None:
            raise Invalid(f"the domain above, {above!r}, does not exist")
        passed.add(above)
        above = record.body["card"].get("parent")
