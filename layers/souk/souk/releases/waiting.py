"""Waiting for a publish that a state machine carries out."""

from __future__ import annotations

import time

from souk.errors import Failed
from souk.releases.model import DRAFT, KIND, Publishing
from souk.releases.publishing import give_up
from souk.store.port import EntityStore
from souk.work import Work, run
from souk.workflows import start

MACHINE = "publish"
PATIENCE_SECONDS = 20.0
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
    """True when the publish has ended, well or not; False when it is still under way after so many seconds."""
    until = time.monotonic() + seconds
    pause = _FIRST_PAUSE
    while _under_way(store, version_id):
        left = until - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, _LONGEST_PAUSE)
    return True


def _under_way(store: EntityStore, version_id: str) -> bool:
    record = Work(store).find(KIND, version_id)
    card = record.body["card"] if record else {}
    return card.get("state") == DRAFT and "publishing" in card
