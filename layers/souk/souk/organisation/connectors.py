"""Connectors: programs that act on what the catalogue tells, and keep here how far they have read and how they are."""

from __future__ import annotations

from souk.catalogue import Document, Lens, View, keep
from souk.store.port import Record
from souk.work import Work

KIND = "connector"


def put_connector(work: Work, connector_id: str, document: Document, lens: Lens) -> Record:
    """Register a connector, or replace what it says of itself. Nobody is told: connectors do this all the time."""
    before = work.find(KIND, connector_id)
    card = lens.card(document, before.body["card"] if before else None)
    return keep(work, KIND, connector_id, card, View(lens.dialect, document))


def delete_connector(work: Work, connector_id: str) -> None:
    """Forget a connector. Raises NotFound."""
    work.remove(work.get(KIND, connector_id))
