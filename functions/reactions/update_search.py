"""Keeps the snapshot of the search index near the present, so that a new reader has little to catch up with."""

from __future__ import annotations

from typing import Any

from souk.search.snapshot import refresh, reindex
from souk.store.connect import connect


def handler(event: dict[str, Any], _context: Any = None) -> dict[str, int]:
    """Runs every few minutes. `{"rebuild": true}` makes the index anew from the records."""
    store = connect()
    return {"versions": reindex(store)} if event.get("rebuild") is True else {"changed": refresh(store)}
