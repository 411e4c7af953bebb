"""Business domains <-> domains of the core (contract section 6)."""

from __future__ import annotations

from typing import Any

from dpx.lens.catalog import container
from dpx.lens.content import DIALECT
from souk.ids import as_uuid
from souk.organisation.domain_tree import Seedling
from souk.organisation.domains import KIND
from souk.store.port import Record

Wire = dict[str, Any]
PATCHABLE = frozenset({"name", "description", "member_roles", "properties", "sub_container", "rov"})
"""Fields that a patch may change; those that the core does not know are kept as they are sent."""
_KEPT = PATCHABLE - {"name", "description"}


def show_tree(record: Record, below: list[Record] | None = None) -> Wire:
    """A domain; `below`: with the domains right below it. A domain below another says which."""
    card = record.body["card"]
    kept = {key: value for key, value in record.body.get("views", {}).get(DIALECT, {}).items() if key in _KEPT}
    shown: Wire = {**kept, "container": container(), **show_below(record)}
    if "created_by" in card:
        shown["created_by"] = card["created_by"]
    if "parent" in card:
        shown["parent"] = {"id": as_uuid(KIND, card["parent"])}
    return shown if below is None else {**shown, "sub_domains": [show_below(one) for one in below]}


def show_below(record: Record) -> Wire:
    """A domain as the one above it shows it."""
    card = record.body["card"]
    return {"id": as_uuid(KIND, record.id), "name": card["name"], "description": card.get("description", "")}


def read_domain(sent: Wire) -> Seedling:
    """The domain that a client describes."""
    view = {key: sent[key] for key in sorted(_KEPT & sent.keys())}
    return Seedling(sent["name"], sent.get("id"), sent.get("description", ""), view)
