"""Who may write through this door: an organisation's key everything, a user what a team of theirs owns."""

from __future__ import annotations

from typing import Any

from souk.catalogue import Document, Lens
from souk.edge.call import Call
from souk.identity.permissions import require_administration, require_write

_IN_DOMAINS = {"product", "asset"}
"""Kinds that lie in a domain, whose managers may write them."""


def administrator_only(call: Call) -> None:
    """Raises NotAllowed unless the caller may change teams."""
    require_administration(call.principal)


def organisation_only(call: Call) -> None:
    """Raises NotAllowed unless the caller may write what no team owns."""
    require_write(call.principal, call.work)


def contract_owner_only(call: Call, run_id: str) -> None:
    """Raises NotAllowed unless the caller may write what the owner of the run's contract owns.

    The runs of a contract that is gone are the organisation's. A run that does not exist is left to NotFound.
    """
    run = call.work.find("test_run", run_id)
    if run is not None:
        contract = call.work.find("contract", run.body["card"]["contract"])
        require_write(call.principal, call.work, owner=contract.body["card"].get("owner") if contract else None)


def owner_only(
    call: Call, kind: str, exact_id: str, lens: Lens | None = None, document: Document | None = None
) -> None:
    """Raises NotAllowed unless the caller may write what the record's owner owns.

    A new record is its owner's by the document. What neither exists nor comes with a document is left to NotFound.
    """
    if call.principal.kind == "key":
        return  # the edge has checked its scope
    record = call.work.find(kind, exact_id)
    card: dict[str, Any] = record.body["card"] if record else {}
    if record is None and lens is not None and document is not None:
        card = lens.card(document, None)
    if record is not None or document is not None:
        domains = (card.get("domains") or card.get("domain")) if kind in _IN_DOMAINS else None
        require_write(call.principal, call.work, owner=card.get("owner"), domain=domains)
