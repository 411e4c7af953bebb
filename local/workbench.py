"""A state folder opened for one command: beside the run that holds it, or alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from local import environment
from local.engine import Engine
from local.executor import Executor
from local.run import LAYER, Settings
from local.state import State
from local.templates import Application, read_application


@dataclass
class Workbench:
    """The functions, in a process whose environment leads them to the state's store."""

    application: Application
    executor: Executor


@contextmanager
def open_workbench(state: State, *, services: bool = True) -> Iterator[Workbench]:
    """Use the parts of the run that holds the state, or start them for the while. Raises InUse while a run starts.

    Without `services` an embedded state is opened without S3 and the like: records are all that is needed.
    """
    application = read_application(Settings(state).template)
    bench = Workbench(application, Executor(application.functions, [LAYER]))
    running = state.running() if state.is_locked() else {}
    try:
        if running:
            _apply(bench, state, running["engine"], running["endpoint"])
            yield bench
        else:
            with state.locked(), _started(bench, state, services=services):
                yield bench
    finally:
        bench.executor.stop()


@contextmanager
def _started(bench: Workbench, state: State, *, services: bool) -> Iterator[None]:
    name = state.fact("engine") or "embedded"
    engine = Engine(state, bench.application, bench.executor, tables=name == "aws")
    if services or name == "aws":
        engine.start()
    try:
        _apply(bench, state, name, engine.endpoint)
        yield
    finally:
        engine.stop()


def _apply(bench: Workbench, state: State, engine: str, endpoint: str) -> None:
    given = dict(os.environ)
    environment.apply(environment.functions_environment(bench.application, state, engine, endpoint, given))
