"""Makes the record of somebody whose first valid token came with a request that may change nothing."""

from __future__ import annotations

from functools import partial
from typing import Any

from souk.identity.newcomers import remember
from souk.store.connect import connect
from souk.work import run


def handler(event: dict[str, Any], _context: Any = None) -> None:
    """Fed by the bus. A repeat does nothing more; an error makes it come again."""
    run(connect(), partial(remember, seen=event["detail"]["data"]))
