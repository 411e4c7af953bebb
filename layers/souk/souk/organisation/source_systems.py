"""Source systems: where the data of input ports comes from."""

from __future__ import annotations

from souk.catalogue import Document, Lens, View, keep
from souk.organisation.owners import check_owner
from souk.store.port import Record
from souk.work import Work

KIND = "source_system"


def put_source_system(work: Work, system_id: str, document: Document, lens: Lens) -> Record:
    """Create or replace a source system; its owner must be a team that owns data. Raises Invalid."""
    before = work.find(KIND, system_id)
    card_before = before.body["card"] if before else None
    card = lens.card(document, card_before)
    check_owner(work, card["owner"], (card_before or {}).get("owner"))
    record = keep(work, KIND, system_id, card, View(lens.dialect, document))
    work.event(KIND, "updated" if before else "created", system_id)
    return record


def delete_source_system(work: Work, system_id: str) -> None:
    """Delete a source system; input ports may go on naming it. Raises NotFound."""
    work.remove(work.get(KIND, system_id))
    work.event(KIND, "deleted", system_id)
