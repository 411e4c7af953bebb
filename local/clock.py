"""Schedules: every function that the templates run at a rate, run at that rate, and once at the start."""

from __future__ import annotations

import re
import threading
import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from local.cloudformation import ACCOUNT, REGION, TemplateError
from local.executor import Executor
from local.templates import Application, Function

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)\Z")
_SECONDS = {"minute": 60, "hour": 3600, "day": 86400}


def seconds_of(expression: str) -> int:
    """Seconds between two runs of a `rate(...)` expression. Raises TemplateError for any other."""
    match = _RATE.match(expression)
    if not match or int(match[1]) < 1:
        raise TemplateError(f"the local run knows schedules like rate(1 minute), not {expression!r}")
    return int(match[1]) * _SECONDS[match[2]]


class Clock:
    """Runs scheduled functions, each on a thread of its own, never twice at once."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, application: Application) -> None:
        """Begin every schedule. Raises TemplateError before any has begun."""
        planned = [(function, seconds_of(text)) for function in application.functions for text in function.schedules]
        for function, seconds in planned:
            thread = threading.Thread(target=self._keep, args=(function, seconds), name="clock", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """End all schedules; one that runs may finish."""
        self._stop.set()
        for thread in self._threads:
            thread.join(5)

    def _keep(self, function: Function, seconds: float) -> None:
        due = time.monotonic()
        while not self._stop.wait(max(0.0, due - time.monotonic())):
            self._executor.invoke(function, scheduled_event())
            due = max(due + seconds, time.monotonic())


def scheduled_event() -> dict[str, Any]:
    """The event that EventBridge sends on a schedule."""
    return {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [],
        "detail": {},
    }
