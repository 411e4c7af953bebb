"""Definitions: the shared meaning of a business term."""

from __future__ import annotations

import os

from souk.catalogue import Document, Lens, View, keep
from souk.organisation.owners import OWNING_TYPES, check_owner
from souk.store.port import Record
from souk.work import Work

KIND = "definition"
STRICT_OWNERS = "SOUK_DOMAIN_TEAMS_OWN_DEFINITIONS"
"""Environment variable: `true` where only teams that own data may own definitions."""


def put_definition(work: Work, definition_id: str, document: Document, lens: Lens) -> Record:
    """Create or replace a definition; its owner must exist. Raises Invalid."""
    before = work.find(KIND, definition_id)
    card_before = before.body["card"] if before else None
    card = lens.card(document, card_before)
    strict = os.environ.get(STRICT_OWNERS, "").lower() == "true"
    check_owner(work, card["owner"], (card_before or {}).get("owner"), OWNING_TYPES if strict else None)
    record = keep(work, KIND, definition_id, card, View(lens.dialect, document))
    work.event(KIND, "updated" if before else "created", definition_id)
    return record


def delete_definition(work: Work, definition_id: str) -> None:
    """Delete a definition. Raises NotFound."""
    work.remove(work.get(KIND, definition_id))
    work.event(KIND, "deleted", definition_id)
