"""Waiting for a publish that a state machine carries out."""

from __future__ import annotations

import time
from typing import Any

from souk.errors import Failed
from souk.releases.model import DRAFT, KIND, Publishing
from souk.releases.publishing import give_up
from souk.store.port import EntityStore
from souk.work import Work, run
from souk.workflows import start

MACHINE = "publish"
PATIENCE_SECONDS = 20.0
SETTLE_SECONDS = 2.0
"""How long a release that is there is not told yet, because its announcement is to be written into it."""
_NOT_STARTED = "the publish could not be started; try again"
_FIRST_PAUSE = 0.04
_LONGEST_PAUSE = 0.5


def start_publish(store: EntityStore, version_id: str, publishing: Publishing) -> None:
    """Start the machine for a publish that is committed. Raises Failed; the draft is then a draft again."""
    attempt = publishing["attempt"]
    try:
        start(MACHINE, attempt, {"release": version_id, "attempt": attempt})
    except Failed:
        run(store, lambda work: give_up(work, version_id, attempt, [_NOT_STARTED], broken=True))
        raise


def wait_for_publish(store: EntityStore, version_id: str, seconds: float = PATIENCE_SECONDS) -> bool:
    """True when there is a release, or none will be; False when neither is so after so many seconds.

    A release is told once its announcement has been written down too, or is late: what was told stays as it is.
    """
    until, settled = time.monotonic() + seconds, None
    pause = _FIRST_PAUSE
    while "publishing" in (card := _card(store, version_id)):
        now = time.monotonic()
        if card["state"] != DRAFT:
            settled = settled or min(until, now + SETTLE_SECONDS)
        left = (settled or until) - now
        if left <= 0:
            return settled is not None
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, _LONGEST_PAUSE)
    return True


def _card(store: EntityStore, version_id: str) -> dict[str, Any]:
    record = Work(store).find(KIND, version_id)
    return record.body["card"] if record else {}
