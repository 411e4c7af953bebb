"""Verifies that what is granted is what should be."""

from __future__ import annotations

from functools import partial
from typing import Any

from souk.access.ensuring import ensure_access
from souk.edge import log
from souk.store.connect import connect


def handler(_event: dict[str, Any], _context: Any = None) -> dict[str, int]:
    """Runs every five minutes. What does not fit into one run goes on in the next."""
    done = ensure_access(connect(), partial(log.defect, "reactions", "ensureAccess"))
    return {"products": done.products, "repaired": done.repaired, "failed": done.failed, "left": int(done.left)}
