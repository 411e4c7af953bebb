"""A state folder opened for one command: beside the run that holds it, or alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from local import environment
from local.engine import Engine
from local.executor import Executor
from local.run import LAYER, ROOT
from local.state import State
from local.templates import Application, read_application


@dataclass
class Workbench:
    """The functions, with the environment that leads them to the state's store."""

    application: Application
    executor: Executor
    url: str

    @staticmethod
    @contextmanager
    def open(state: State) -> Iterator[Workbench]:
        """Use the parts of the run that holds the state, or start them. Raises InUse while a run is starting."""
        application = read_application(ROOT / "template.yaml")
        executor = Executor(application.functions, [LAYER])
        bench = Workbench(application, executor, "")
        running = state.running() if state.is_locked() else {}
        try:
            if running:
                bench._join(state, running)
                yield bench
            else:
                with state.locked():
                    engine = bench._start(state)
                    try:
                        yield bench
                    finally:
                        engine.stop()
        finally:
            executor.stop()

    def _join(self, state: State, running: dict[str, str]) -> None:
        self.url = running["url"]
        self._apply(state, running["engine"], running["endpoint"])

    def _start(self, state: State) -> Engine:
        name = state.fact("engine") or "embedded"
        self.url = state.fact("url") or "http://127.0.0.1:8080"
        engine = Engine(state, self.application, self.executor, tables=name == "aws")
        engine.start()
        self._apply(state, name, engine.endpoint)
        return engine

    def _apply(self, state: State, engine: str, endpoint: str) -> None:
        environment.apply(
            environment.functions_environment(self.application, state, engine, self.url, endpoint, dict(os.environ))
        )
