"""After a step failed for good: the draft is a draft again and says why."""

from __future__ import annotations

from typing import Any

from souk.releases.publishing import give_up
from souk.store.connect import connect
from souk.work import run
from steps.failing import failure_of


def handler(event: dict[str, Any], _context: Any = None) -> None:
    """`event` holds what the machine caught as `error`."""
    reasons, broken = failure_of(event["error"], "publish")
    run(connect(), lambda work: give_up(work, event["release"], event["attempt"], reasons, broken=broken))
