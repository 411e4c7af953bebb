"""Functions that can be killed: an execution of a state machine is stopped, and its functions answer nothing more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from local.engine import Engine
from local.executor import Executor, Outcome
from local.templates import Function
from tests.running import eventually

KILLED = Outcome(None, {"errorType": "Killed", "errorMessage": "nobody answers"})


class Mortal(Executor):
    """Runs functions until the one that is to die; from then on nobody answers, until `revive`."""

    stop_execution: Callable[[], None]

    def __init__(self, functions: list[Function]) -> None:
        super().__init__(functions)
        self._victim, self._after, self._fails = "", False, ""
        self.dead = False

    def will_die(self, step: str, when: str) -> None:
        self._victim, self._after = f"{step}Function", when == "after"

    def will_fail(self, step: str) -> None:
        """This step fails for good."""
        self._fails = f"{step}Function"

    def revive(self) -> None:
        self._victim, self._fails, self.dead = "", "", False

    def invoke(self, function: Function, event: Any) -> Outcome:
        if not self.dead and function.logical == self._victim:
            if self._after:
                super().invoke(function, event)
            self.dead = True
            self.stop_execution()
        if self.dead or function.logical == self._fails:
            return KILLED
        return super().invoke(function, event)


class Executions:
    """The executions of a machine, newest last."""

    def __init__(self, engine: Engine, executor: Mortal) -> None:
        self._client, self._executor = engine.client("stepfunctions"), executor
        executor.stop_execution = self._stop

    def _running(self) -> list[str]:
        machines = self._client.list_state_machines()["stateMachines"]
        return [
            execution["executionArn"]
            for machine in machines
            for execution in self._client.list_executions(
                stateMachineArn=machine["stateMachineArn"], statusFilter="RUNNING"
            )["executions"]
        ]

    def _stop(self) -> None:
        for execution in self._running():
            self._client.stop_execution(executionArn=execution)

    def ended(self) -> None:
        """Wait until none runs. The emulator carries a stopped one to the end of its state, with all its retries."""
        eventually(lambda: not self._running() and not _emulated(), seconds=60)

    def killed(self) -> None:
        """Wait until the one that was to die has died."""
        eventually(lambda: self._executor.dead, seconds=60)
        self.ended()


def _emulated() -> list[str]:
    """Threads that the emulator began for executions, and that it does not name."""
    return [thread.name for thread in threading.enumerate() if thread.name.endswith("(run)")]
