"""Last step of a publish: the bus is told, and nothing is left to heal."""

from __future__ import annotations

from typing import Any

from souk.releases.publishing import announce
from souk.store.connect import connect
from souk.work import run


def handler(event: dict[str, Any], _context: Any = None) -> None:
    """Stages one notice."""
    run(connect(), lambda work: announce(work, event["release"], event["attempt"]))
