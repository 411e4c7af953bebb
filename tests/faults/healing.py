"""What heals an interrupted deployment: the sweep of a later minute, in a process that nothing disturbs."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from unittest import mock

from souk import clock
from tests.faults.stage import Stage, module_of
from tests.faults.trial import Outcome, ended

LATER = timedelta(hours=1)
_now = clock.now


def ahead(by: timedelta) -> AbstractContextManager[object]:
    """So much later, as the core sees it."""
    return mock.patch.object(clock, "now", partial(_ahead, by))


def swept(stage: Stage, by: timedelta = LATER) -> Outcome:
    """The sweep of a later time; machines that it starts run to their end."""
    return turned(stage, "schedules/sweep_due", {}, by)


def turned(stage: Stage, name: str, event: dict[str, Any], by: timedelta = LATER) -> Outcome:
    """A reaction's turn at a later time, undisturbed."""
    with stage.line.aside(), ahead(by):
        return ended(module_of(name).handler, event)


def _ahead(by: timedelta) -> datetime:
    return _now() + by
