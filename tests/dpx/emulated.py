"""State machines as they are deployed, on the emulator; retries are cut to one, after a second."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.engine import Engine
from local.executor import Executor
from local.state import State
from local.templates import Application, Function, read_application
from souk.store import clients
from souk.store.connect import use
from souk.store.port import Store
from souk.store.sqlite import SqliteStore
from tests.repository.tree import ROOT


@contextmanager
def emulator(folder: Path, *names: str, runs: Callable[[list[Function]], Executor] = Executor) -> Iterator[Engine]:
    """The emulator with these machines of the template and all functions, run by `runs`; no rule starts anything."""
    whole = read_application(ROOT / "template.yaml")
    machines = tuple(
        replace(machine, definition=_hurried(copy.deepcopy(machine.definition)), rules=())
        for machine in whole.machines
        if machine.logical in names
    )
    functions = tuple(replace(one, rules=(), streams=()) for one in whole.functions)
    executor = runs(list(functions))
    engine = Engine(State(folder), Application(functions, machines, (), whole.buckets, (), ()), executor, tables=False)
    engine.start()
    yield engine
    engine.stop()
    executor.stop()


@contextmanager
def at_the_emulator(engine: Engine, patch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A fresh store in memory, and an environment in which machines and documents are the emulator's."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        patch.setenv(name, "local")
    patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    patch.setenv("AWS_ENDPOINT_URL", engine.endpoint)
    patch.setenv("SOUK_BUCKET", "souk-bucket")
    for machine in engine.client("stepfunctions").list_state_machines()["stateMachines"]:
        name = re.sub("(?<=[a-z])(?=[A-Z])", "_", machine["name"].rsplit("-", 1)[-1].removesuffix("Machine"))
        patch.setenv(f"SOUK_STATE_MACHINE_{name.upper()}", machine["stateMachineArn"])
    clients.forget()
    opened = SqliteStore(":memory:")
    use(opened)
    yield opened
    use(None)
    opened.close()
    clients.forget()


def _hurried(definition: Any) -> Any:
    if isinstance(definition, list):
        return [_hurried(one) for one in definition]
    if not isinstance(definition, dict):
        return definition
    changed = {key: _hurried(value) for key, value in definition.items()}
    return changed | (
        {"MaxAttempts": 1, "IntervalSeconds": 1} if "ErrorEquals" in changed and "Next" not in changed else {}
    )
