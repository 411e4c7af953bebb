"""Where a command works: on a state of this machine, or on the tables of a deployed Souk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from local.cli.options import refuse
from local.state import InUse, State

if TYPE_CHECKING:
    from souk.work import Work

T = TypeVar("T")


def run_on(state: Path, stack: str, command: Callable[[Work], T]) -> T:
    """Carry out a command of the core, and commit it. What is wrong is said, not traced."""
    from souk.errors import SoukError
    from souk.store.connect import connect
    from souk.work import run

    try:
        with opened(state, stack):
            return run(connect(), command, principal="souk command")
    except (InUse, SoukError, ValueError, OSError) as error:
        refuse("; ".join(getattr(error, "problems", [])) or error)


@contextmanager
def opened(state: Path, stack: str) -> Iterator[None]:
    """A process whose environment leads to the store that is meant. Ends the command where there is none.

    Without a stack's name its tables may be named by the environment (`SOUK_STORE=dynamodb`).
    """
    from local.deployed import NotThere, environment_of
    from local.workbench import open_workbench

    if stack:
        try:
            os.environ.update(environment_of(stack))
        except NotThere as error:
            refuse(error)
    if os.environ.get("SOUK_STORE") == "dynamodb":
        yield
        return
    with open_workbench(State(state), services=False):
        yield
