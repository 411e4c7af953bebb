"""Data products (contract section 3.1), and Bitol's form of them (X5).

`info.status` of a product that governance has suspended shows as `suspended`. Writing that word back, or any other,
does not lift the suspension: that is not this door's to do, and a pipeline re-publishes its document all the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nndm.lens import ports as port_lens
from nndm.lens.fields import (
    DIALECT,
    Field,
    Fields,
    custom_owner,
    filled,
    find,
    keep_nothings,
    laid,
    read,
    text,
    texts,
    unseen,
)
from souk.catalogue import Card, Document
from souk.organisation.teams import UNASSIGNED
from souk.products.card import domains_after
from souk.store.port import Record

SUSPENDED = "suspended"


def _purpose(value: Any) -> Any:
    return text(value.get("purpose")) if isinstance(value, dict) else text(value)


def _write_purpose(wanted: str, standing: Any) -> Any:
    return {**standing, "purpose": wanted} if isinstance(standing, dict) else wanted


@dataclass(frozen=True, slots=True)
class Form:
    """One form of product documents: where its fields stand, and those of its output ports."""

    fields: Fields
    port_fields: Fields
    status: tuple[str, ...]
    owner: tuple[str, ...]
    ports_by_name: bool


SPECIFICATION = Form(
    fields=(
        Field("title", ("info", "title")),
        Field("description", ("info", "description")),
        Field("owner", ("info", "owner")),
        Field("domain", ("info", "domain"), filled),
        Field("status", ("info", "status")),
        Field("version", ("info", "version")),
        Field("tags", ("tags",), texts),
        port_lens.ASSETS,
    ),
    port_fields=port_lens.PORT,
    status=("info", "status"),
    owner=("info", "owner"),
    ports_by_name=False,
)

BITOL = Form(
    fields=(
        Field("title", ("name",)),
        Field("description", ("description",), _purpose, _write_purpose),
        Field("owner", ("team", "name")),
        Field("domain", ("domain",), filled),
        Field("status", ("status",)),
        Field("tags", ("tags",), texts),
    ),
    port_fields=port_lens.BITOL_PORT,
    status=("status",),
    owner=("team", "name"),
    ports_by_name=True,
)


def form_of(document: Document) -> Form:
    """Which form the document has."""
    return BITOL if document.get("kind") == "DataProduct" and "apiVersion" in document else SPECIFICATION


class ProductLens:
    """Data products in this door's words."""

    dialect = DIALECT

    def card(self, document: Document, before: Card | None) -> Card:
        """The card after a write of the document; what this door does not see is kept from `before`."""
        form, before = form_of(document), before or {}
        card = unseen(SPECIFICATION.fields, before) | _custom_owner(form, document) | read(form.fields, document)
        card.setdefault("title", document["id"])
        card["ports"] = port_lens.read_ports(self.ports(document), form.port_fields, before.get("ports", []))
        keep_nothings(SPECIFICATION.fields, card, before)
        _settle_owner(card, before)
        _settle_status(card, before)
        _settle_domains(card, before)
        return card

    def show(self, record: Record) -> Document:
        """The product as it was sent where this door wrote last, else the card laid over what was sent."""
        card: Card = record.body["card"]
        view: Document | None = record.body.get("views", {}).get(DIALECT)
        if view is not None and record.body["shaped"] == DIALECT and not card.get("suspended"):
            return view
        document = view or {"dataProductSpecification": "0.0.1", "id": record.id}
        form = form_of(document)
        shown = laid(form.fields, document, _as_shown(card, form, document))
        standing = self.ports(document)
        wanted = port_lens.lay_ports(standing, form.port_fields, card["ports"])
        return shown if view and wanted == list(standing.values()) else {**shown, "outputPorts": wanted}

    def entry(self, record: Record) -> Document:
        """The product in a list, with output ports in any case: scripts iterate over them (G17, section 9)."""
        document = self.show(record)
        if document.get("outputPorts") is not None or form_of(document) is BITOL:
            return document
        return {**document, "outputPorts": []}

    def ports(self, document: Document) -> dict[str, Document]:
        """The output ports by id."""
        return port_lens.named(document.get("outputPorts"), by_name=form_of(document).ports_by_name)

    def owner_binds(self, document: Document) -> bool:
        """Bitol's `team.name` is free text; `info.owner` is the id of a team."""
        return form_of(document) is SPECIFICATION


def _custom_owner(form: Form, document: Document) -> Card:
    return custom_owner(document) if form is BITOL else {}


def _as_shown(card: Card, form: Form, document: Document) -> Card:
    shown = dict(card)
    if form is SPECIFICATION:
        shown.setdefault("owner", UNASSIGNED)
    elif "owner" not in card:
        shown["owner"] = text(find(document, form.owner))
    if card.get("suspended"):
        shown["status"] = SUSPENDED
    return shown


def _settle_owner(card: Card, before: Card) -> None:
    """The stand-in for a missing owner, written back, is still no owner."""
    if card.get("owner") == UNASSIGNED and before and "owner" not in before:
        del card["owner"]


def _settle_status(card: Card, before: Card) -> None:
    if before.get("suspended") and card.get("status") == SUSPENDED:
        card.pop("status")
        if "status" in before:
            card["status"] = before["status"]


def _settle_domains(card: Card, before: Card) -> None:
    """The first of several domains is the one that this door sees."""
    if "domains" in before:
        card["domains"] = domains_after(before, card.get("domain"))


PRODUCT = ProductLens()
