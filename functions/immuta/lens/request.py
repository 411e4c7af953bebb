"""AccessRequest, ApprovalRecord, determinations (contract sections 5 and 7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from immuta.door import DIALECT
from immuta.lens.policy import approver_out, known_approvers, time_text, version_out
from immuta.lens.user import user_out
from souk.access import lifecycle
from souk.access.approvals import Approval
from souk.access.asking import STAND_IN
from souk.access.finding import updated
from souk.access.model import Card, Column, Type, subject_keys
from souk.identity.people import Person
from souk.ids import as_uuid, key_as_cuid, record_key
from souk.store.port import Record

Wire = dict[str, Any]
Called = Callable[[str], Person]
TYPES: dict[str, Type] = {"DATA_ACCESS": "data", "MASKING_EXCEPTION": "masking_exception"}
TYPES_OUT = {word: name for name, word in TYPES.items()}
STATUS = {
    "requested": "PENDING",
    "approved": "APPROVED",
    "active": "APPROVED",
    "rejected": "DENIED",
    "canceled": "CANCELED",
    "revoked": "REVOKED",
    "expired": "EXPIRED",
}
_STATES: dict[str, frozenset[str]] = {
    shown: frozenset(state for state, word in STATUS.items() if word == shown) for shown in STATUS.values()
}
NEVER = ("NONE", "PUBLISHER")
"""Words of the status enum that no request has."""


def states_of(shown: Sequence[str]) -> frozenset[str]:
    """The core's states that these words of the status enum mean; a word that none has means a state that none has."""
    return frozenset(state for word in shown for state in _STATES.get(word, frozenset({word})))


def request_id(found: Record) -> str:
    """The cuid of an access."""
    return key_as_cuid(found.key)


def snapshot(product: Record) -> Wire:
    """What a request keeps to show of its product, as it was when it was made."""
    card = product.body["card"]
    return {
        "id": as_uuid("product", product.id),
        "name": card["title"],
        "description": card.get("description"),
    }


def people_of(found: Record) -> tuple[str, str]:
    """Who asked, and for whom: by user ids as far as the request tells them, else by their labels."""
    card: Card = found.body["card"]
    ids = (found.body.get("views", {}).get(DIALECT) or {}).get("people", {})
    subject = subject_keys(card["subject"])[0].partition(":")[2]
    return ids.get(card["requester"], card["requester"]), ids.get(subject, subject)


def product_shown(found: Record, product: Record | None) -> Wire:
    """The product as the request shows it: as it was at submission here, else as it is now."""
    kept = (found.body.get("views", {}).get(DIALECT) or {}).get("dataProduct")
    if kept is not None:
        return dict(kept)
    exact = found.body["card"]["object"]["product"]
    return snapshot(product) if product else {"id": as_uuid("product", exact), "name": exact, "description": None}


def request_out(found: Record, product: Record | None, called: Called, now: datetime) -> Wire:
    """The hydrated request."""
    card: Card = found.body["card"]
    form = card.get("form")
    asker, subject = people_of(found)
    shown: Wire = {
        "id": request_id(found),
        "requestingUser": user_out(called(asker)),
        "user": user_out(called(subject)),
        "formVersion": version_out(form["version"] if form else STAND_IN["version"]),
        "type": TYPES_OUT[card["type"]],
        "status": STATUS[lifecycle.state(card, now)],
        "createdAt": time_text(found.created),
        "updatedAt": time_text(updated(found, now)),
        "dataProduct": product_shown(found, product),
    }
    if form is not None and "answers" in form:
        shown["form"] = form["answers"]
    if card["type"] == "masking_exception":
        shown["metadata"] = {"columns": columns_out(card["object"].get("columns", []))}
    if card.get("end"):
        shown["expiration"] = time_text(card["end"])
    return shown


def columns_out(columns: Sequence[Column]) -> list[Wire]:
    """Columns of a masking exception as they were named."""
    return [{"columnName": column["column"], "sourceId": column["source"]} for column in columns]


def columns_in(columns: Sequence[Wire]) -> list[Column]:
    """Columns that a request names, in the core's words."""
    return [{"source": column["sourceId"], "column": column["columnName"]} for column in columns]


def approval_out(approval: Approval, record: Record, called: Called) -> Wire:
    """An approval record."""
    card = approval.card
    action = card.get("action")
    shown: Wire = {
        "id": key_as_cuid(approval.key),
        "dataAccessRequestId": key_as_cuid(record_key("access", card["access"])),
        "approvers": known_approvers([approver_out(approver) for approver in card["approvers"]]),
        "prerequisites": [key_as_cuid(key) for key in card["prerequisites"]],
        "status": card["status"].upper(),
        "createdAt": time_text(record.created),
        "updatedAt": time_text(record.updated),
        "approverCriteriaMet": None,
        "duration": action.get("duration") if action else None,
        "durationUnit": action["unit"].upper() if action and "unit" in action else None,
    }
    if action is not None:
        shown["actionBy"] = user_out(called(action["by"]))
        if "reason" in action:
            shown["reason"] = action["reason"]
    return shown


def determination_out(found: Record, approval: Approval, record: Record, called: Called) -> Wire:
    """A manual determination: the approval record that led to it, with the outcome."""
    card: Card = found.body["card"]
    decision = card["decision"]
    asker, subject = people_of(found)
    shown: Wire = {
        "id": key_as_cuid(approval.key),
        "requestingUser": user_out(called(asker)),
        "user": user_out(called(subject)),
        "actionBy": user_out(called(decision["by"])) if decision["by"] else None,
        "status": "APPROVED" if decision["outcome"] == "approved" else "DENIED",
        "createdAt": time_text(record.created),
        "updatedAt": time_text(decision["at"]),
    }
    if "reason" in decision:
        shown["reason"] = decision["reason"]
    if card.get("end"):
        shown["expiration"] = time_text(card["end"])
    return shown
