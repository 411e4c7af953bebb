"""Data contracts. The document belongs to the client; the core reads a handful of its fields."""

from __future__ import annotations

from typing import NotRequired, Protocol, TypedDict

from souk.catalogue import Card, Document, Lens, View, keep
from souk.organisation.owners import settle_owner
from souk.store.port import Record
from souk.work import Work

KIND = "contract"


class ContractCard(TypedDict):
    """What the core reads of a contract. `format` is dcs or odcs; the document itself is kept in the view."""

    format: str
    title: NotRequired[str]
    version: NotRequired[str]
    owner: NotRequired[str]
    servers: list[str]
    """Names of the servers, which test runs refer to."""


class ContractLens(Lens, Protocol):
    """A lens that also tells whose owner must exist."""

    def owner_binds(self, document: Document) -> bool:
        """True where the format's owner is the id of a team; False where it is a name that need not be one."""
        ...


def put_contract(work: Work, contract_id: str, document: Document, lens: ContractLens) -> Record:
    """Create or replace a contract; an owner, if named, must be a team that owns data. Raises Invalid."""
    before = work.find(KIND, contract_id)
    card_before: Card = before.body["card"] if before else {}
    card = lens.card(document, card_before)
    settle_owner(work, card, card_before, binds=lens.owner_binds(document))
    record = keep(work, KIND, contract_id, card, View(lens.dialect, document))
    work.event(KIND, "updated" if before else "created", contract_id)
    return record


def delete_contract(work: Work, contract_id: str) -> None:
    """Delete a contract. Raises NotFound, and Referenced while a port of any product names it."""
    work.remove(work.get(KIND, contract_id), guarded=True)
    work.event(KIND, "deleted", contract_id)
