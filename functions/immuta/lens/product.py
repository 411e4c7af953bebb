"""DataProduct (contract section 3): what comes in as changes of a card, and how a record shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from immuta.door import DIALECT
from immuta.lens import policy as policies
from immuta.lens.request import STATUS
from souk.access.governed import Changes, is_suspended
from souk.access.policy import Policy
from souk.access.relations import Relation
from souk.ids import as_uuid, key_as_cuid
from souk.products.card import Card
from souk.store.port import Record

Wire = dict[str, Any]
_CARD = {"name": "title", "description": "description", "domains": "domains", "suspended": "suspended"}
_POLICIES = {
    "dataAccessPolicy": "data",
    "dataAccessReviewFlow": "data",
    "maskingExceptionPolicy": "masking_exception",
    "maskingExceptionReviewFlow": "masking_exception",
}
_SHOWN_POLICIES = {"dataAccessPolicy": "data", "maskingExceptionPolicy": "masking_exception"}
_FORMS = {"dataAccessRequestFormId": "data", "maskingExceptionRequestFormId": "masking_exception"}


class Seen(NamedTuple):
    """What a product shows beside its record: the caller's relation to it, counts, technologies, policies."""

    created_by: str
    is_publisher: bool
    domains: list[str]
    relation: Relation | None
    counts: Mapping[str, int]
    technologies: list[str]
    policies: Mapping[str, Policy]


def changes_of(body: Wire) -> Changes:
    """A checked body as changes."""
    card = {_CARD[name]: value for name, value in body.items() if name in _CARD}
    forms = {_FORMS[name]: value for name, value in body.items() if name in _FORMS and value is not None}
    if body.get("requestFormId") is not None:
        forms = {"data": body["requestFormId"], "masking_exception": body["requestFormId"], **forms}
    sent = {
        _POLICIES[name]: None if value is None else policies.as_core(value)
        for name, value in body.items()
        if name in _POLICIES
    }
    listed = body.get("dataSources")
    sources = None if listed is None else [source["sourceId"] for source in listed]
    return Changes(card, sources, forms, sent)


def view_of(body: Wire, before: Record | None = None) -> Wire:
    """What only this door keeps of a product: its metadata."""
    view: Wire = dict(before.body.get("views", {}).get(DIALECT) or {}) if before else {}
    return {**view, "metadata": body["metadata"]} if "metadata" in body else view


def product_out(record: Record, seen: Seen) -> Wire:
    """The product as the caller sees it."""
    card: Card = record.body["card"]
    view = record.body.get("views", {}).get(DIALECT) or {}
    relation = seen.relation
    shown: Wire = {
        "id": as_uuid("product", record.id),
        "name": card["title"],
        "description": card.get("description"),
        "domains": seen.domains,
        "suspended": is_suspended(card),
        "createdBy": seen.created_by,
        "createdAt": policies.time_text(record.created),
        "updatedAt": policies.time_text(record.updated),
        "metadata": view.get("metadata"),
        "status": _status(seen),
        "sourceTypes": seen.technologies,
        "stats": _stats(card, seen.counts),
    }
    if relation is not None:
        shown["requestId"] = key_as_cuid(relation.key)
        shown["expiration"] = _expiration(relation)
    for name, kind in _SHOWN_POLICIES.items():
        if kind in seen.policies:
            shown[name] = policies.as_wire(seen.policies[kind])
    return shown


def standing_out(record: Record, domains: list[str], own: Mapping[str, Policy]) -> Wire:
    """The fields that a client may send back as they are shown, though they came in by another pattern."""
    card: Card = record.body["card"]
    shown: Wire = {"name": card["title"], "domains": domains, "suspended": is_suspended(card)}
    return shown | {name: policies.as_wire(own[kind]) for name, kind in _SHOWN_POLICIES.items() if kind in own}


def _status(seen: Seen) -> str:
    if seen.is_publisher:
        return "PUBLISHER"
    return STATUS[seen.relation.state] if seen.relation else "NONE"


def _expiration(relation: Relation) -> str | None:
    return policies.time_text(relation.end) if relation.end and relation.state in {"approved", "active"} else None


def _stats(card: Card, counts: Mapping[str, int]) -> Wire:
    return {
        "dataSourceCount": len(card["ports"]),
        "pendingRequestCount": counts.get("requested", 0),
        "approvedRequestCount": counts.get("approved", 0) + counts.get("active", 0),
        "revokedRequestCount": counts.get("revoked", 0),
        "canceledRequestCount": counts.get("canceled", 0),
        "deniedRequestCount": counts.get("rejected", 0),
        "totalRequestCount": sum(counts.values()),
    }
