"""What a run answered to the recorded invocations, in `<door>.json`: `python -m tests.doors.record` writes them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def answered(door: str) -> dict[str, Any]:
    """`status` and `value` of a successful answer with a body, by operationId."""
    path = FOLDER / f"{door}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found
