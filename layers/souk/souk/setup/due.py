"""What the calendar brings to the catalogue: an initialization that was interrupted is started again."""

from __future__ import annotations

from souk import clock
from souk.access.due import settles
from souk.setup.catalogue import KIND, RUNNING, card_of
from souk.setup.running import MACHINE, postpone_setup
from souk.store.port import Record
from souk.work import Work
from souk.workflows import start


def settle_catalogue(work: Work, found: Record) -> None:
    """Start an unfinished run again. Raises Failed."""
    card = card_of(found)
    if card["status"] == RUNNING and card["run"]["due"] <= clock.text(work.now):
        run = postpone_setup(work, found)
        given = {"attempt": run["attempt"], "options": run["options"]}
        start(MACHINE, f"{run['attempt']}-{found.revision}", given)


settles(KIND, settle_catalogue)
