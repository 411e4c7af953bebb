"""A stand-in for Step Functions in tests of the door: the machines' steps in order, on a thread of their own.

The machines themselves run in the tests over HTTP.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from steps import (
    deliver_copy,
    deliver_fail,
    deliver_finish,
    deliver_grant,
    deliver_item,
    deliver_prepare,
    deliver_undo,
    initialize_finish,
    initialize_give_up,
    initialize_install,
    publish_announce,
    publish_check,
    publish_commit,
    publish_freeze,
    publish_give_up,
)

Given = dict[str, Any]


class Machines:
    """Starts a machine's steps at once, or when told to (`hold`). Knows every start by its name."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.hold = False
        self.before: dict[str, Callable[[], object]] = {}
        self._held: list[tuple[str, Given]] = []
        self._pool = ThreadPoolExecutor(4)
        self._runs: list[Future[None]] = []

    def start(self, machine: str, name: str, given: Given) -> None:
        if name in self.started:
            return
        self.started.append(name)
        if self.hold:
            self._held.append((machine, given))
        else:
            self._runs.append(self._pool.submit(self._run, machine, given))

    def go_on(self) -> None:
        """Run what was held, to its end."""
        held, self._held = self._held, []
        for machine, given in held:
            self._run(machine, given)

    def finish(self) -> None:
        """Wait until everything that was started has ended."""
        for run in self._runs:
            run.result(30)

    def stop(self) -> None:
        self._pool.shutdown()

    def _run(self, machine: str, given: Given) -> None:
        machines = {"publish": self._publish, "initialize": self._initialize, "deliver-order": self._deliver}
        machines[machine](given)

    def _deliver(self, given: Given) -> None:
        if given["undo"]:
            deliver_undo.handler(given)
            return
        steps = {"copy_to_bucket": deliver_copy, "lake_grant": deliver_grant}
        for item in deliver_prepare.handler(given):
            self.before.get(f"deliver {item['way']}", lambda: None)()
            try:
                steps.get(item["way"], deliver_item).handler({**given, **item})
            except Exception as error:  # noqa: BLE001 - as Catch does
                deliver_fail.handler({**given, **item, "error": _caught(error)})
        deliver_finish.handler(given)

    def _publish(self, given: Given) -> None:
        try:
            for step in (publish_check, publish_freeze, publish_commit, publish_announce):
                self.before.get(step.__name__.rsplit(".", maxsplit=1)[-1], lambda: None)()
                step.handler(given)
        except Exception as error:  # noqa: BLE001 - as Catch does
            publish_give_up.handler({**given, "error": _caught(error)})

    def _initialize(self, given: Given) -> None:
        try:
            for option in given["options"]:
                initialize_install.handler({"attempt": given["attempt"], "option": option})
            initialize_finish.handler(given)
        except Exception as error:  # noqa: BLE001 - as Catch does
            initialize_give_up.handler({**given, "error": _caught(error)})


def _caught(error: Exception) -> Given:
    cause = {"errorType": type(error).__name__, "errorMessage": str(error), "stackTrace": []}
    return {"Error": type(error).__name__, "Cause": json.dumps(cause)}
