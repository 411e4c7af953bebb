"""First step of a publish: nothing stands in its way, or everything that does is told."""

from __future__ import annotations

from typing import Any

from souk.releases.publishing import check
from souk.store.connect import connect
from souk.work import run


def handler(event: dict[str, Any], _context: Any = None) -> None:
    """Raises Invalid with one line for each obstacle."""
    run(connect(), lambda work: check(work, event["release"], event["attempt"]))
