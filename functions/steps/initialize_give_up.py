"""The end of an initialization that failed for good."""

from __future__ import annotations

from typing import Any

from souk.setup.running import fail_setup
from souk.store.connect import connect
from souk.work import run
from steps.failing import failure_of


def handler(event: dict[str, Any], _context: Any = None) -> None:
    """`event` holds what the machine caught as `error`."""
    reasons = failure_of(event["error"], "initialization").reasons
    run(connect(), lambda work: fail_setup(work, event["attempt"], reasons))
