"""What the calendar brings to releases: publishes that were interrupted, and revocations whose time has come."""

from __future__ import annotations

from souk import clock
from souk.access.due import settles
from souk.releases import leftovers, revoking
from souk.releases.keeping import stored
from souk.releases.model import KIND
from souk.releases.publishing import postpone
from souk.releases.waiting import MACHINE
from souk.store.port import Record
from souk.work import Work
from souk.workflows import start


def settle_release(work: Work, found: Record) -> None:
    """Start an unfinished publish again. Raises Failed."""
    now, card = clock.text(work.now), stored(found)
    if "publishing" in card and card["publishing"]["due"] <= now:
        # A name of its own for every time: the run's first execution may have ended without an effect.
        attempt = card["publishing"]["attempt"]
        start(MACHINE, f"{attempt}-{found.revision}", {"release": found.id, "attempt": attempt})
        postpone(work, found)


settles(KIND, settle_release)
settles(leftovers.KIND, leftovers.settle_leftovers)
settles(revoking.KIND, revoking.settle_revocation)
