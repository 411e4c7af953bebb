"""Assets: what products are made of. A product that lists an asset keeps it from being deleted."""

from __future__ import annotations

from souk.catalogue import Document, Lens, View, keep
from souk.organisation.owners import check_owner
from souk.store.port import Record
from souk.work import Work

KIND = "asset"


def put_asset(work: Work, asset_id: str, document: Document, lens: Lens) -> Record:
    """Create or replace an asset; an owner, if named, is a team of any type. Raises Invalid."""
    before = work.find(KIND, asset_id)
    card_before = before.body["card"] if before else None
    card = lens.card(document, card_before)
    check_owner(work, card.get("owner"), (card_before or {}).get("owner"), None)
    record = keep(work, KIND, asset_id, card, View(lens.dialect, document))
    work.event(KIND, "updated" if before else "created", asset_id)
    return record


def delete_asset(work: Work, asset_id: str) -> None:
    """Delete an asset. Raises NotFound, and Referenced while a product or a port lists it."""
    work.remove(work.get(KIND, asset_id), guarded=True)
    work.event(KIND, "deleted", asset_id)
