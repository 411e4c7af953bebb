"""Contract templates (contract section 6)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from dpx.lens.catalog import container
from dpx.lens.content import DIALECT
from dpx.lens.terms import show_agreed
from souk.contracts.templates import Wanted, template_card
from souk.store.port import Record

Wire = dict[str, Any]


def show_template(record: Record) -> Wire:
    """A template with its terms."""
    card, view = template_card(record), record.body["views"].get(DIALECT, {})
    shown: Wire = {
        "container": container(),
        "id": record.id,
        "creator_id": card["created_by"],
        "created_at": record.created,
        "name": card["name"],
    }
    return shown | ({"contract_terms": show_agreed(view["terms"])} if view.get("terms") is not None else {})


def read_template(sent: Wire) -> Wanted:
    """The template that a client describes; documents without an id get one."""
    terms = sent.get("contract_terms")
    if terms is not None and "documents" in terms:
        terms = {**terms, "documents": [{"id": str(uuid4()), **one} for one in terms["documents"]]}
    overview = (terms or {}).get("overview") or {}
    return Wanted(sent["name"], overview.get("domain", {}).get("id") or None, terms)
