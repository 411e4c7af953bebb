"""Settles what is due by the calendar, then sequences what waits in the outbox."""

from __future__ import annotations

from functools import partial
from typing import Any

from souk.access import granting as _grants  # noqa: F401 - registers what it settles
from souk.access.due import overdue, settle_due
from souk.edge import log, metrics
from souk.events.sequencer import drain, waiting
from souk.orders import following as _orders  # noqa: F401 - registers what it settles
from souk.products import due as _products  # noqa: F401 - registers what it settles
from souk.releases import due as _releases  # noqa: F401 - registers what it settles
from souk.setup import due as _setup  # noqa: F401 - registers what it settles
from souk.setup.version import mark_version
from souk.store.connect import connect
from souk.work import run


def handler(_event: dict[str, Any], _context: Any = None) -> dict[str, int]:
    """Runs every minute. What could not be settled is in the log, and is tried again in the next minute."""
    store = connect()
    outbox = waiting(store)
    run(store, mark_version)
    swept = settle_due(store, partial(log.defect, "reactions", "sweepDue"))
    metrics.tell(
        {"OutboxWaiting": outbox.commits, "DueFailed": swept.failed, "DueSettled": swept.settled},
        {"OutboxAge": outbox.seconds, "DueLag": overdue(store)},
    )
    return {"settled": swept.settled, "failed": swept.failed, "sequenced": drain(store)}
