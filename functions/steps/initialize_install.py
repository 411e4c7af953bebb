"""One option of an initialization."""

from __future__ import annotations

from typing import Any

from souk.setup.running import install
from souk.store.connect import connect
from steps import DIALECT


def handler(event: dict[str, Any], _context: Any = None) -> None:
    """Installs `option`, or renews it."""
    install(connect(), event["attempt"], event["option"], DIALECT)
