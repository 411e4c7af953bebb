"""The end of an initialization that went well."""

from __future__ import annotations

from typing import Any

from souk.setup.running import finish_setup
from souk.store.connect import connect
from souk.work import run


def handler(event: dict[str, Any], _context: Any = None) -> None:
    """The run has succeeded."""
    run(connect(), lambda work: finish_setup(work, event["attempt"]))
