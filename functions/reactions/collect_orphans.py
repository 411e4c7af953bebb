"""Deletes spilled bodies that no record points at."""

from __future__ import annotations

from typing import Any

from souk.store.connect import connect


def handler(_event: dict[str, Any], _context: Any = None) -> dict[str, int]:
    """Runs every hour."""
    return {"deleted": connect().collect_orphans()}
