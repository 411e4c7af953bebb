"""`souk up` and `souk reset`."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from local.cli.options import DEFAULT_STATE, StateFolder, refuse
from local.state import InUse, State, WrongEngine

if TYPE_CHECKING:
    from local.run import Run


class EngineName(StrEnum):
    """Which store a run works on."""

    embedded = "embedded"
    aws = "aws"


Engine = Annotated[EngineName, typer.Option(envvar="ENGINE", help="embedded (SQLite), or aws (emulated DynamoDB).")]
Samples = Annotated[bool, typer.Option(envvar="SOUK_SAMPLES", help="Put a sample catalogue into a new state.")]
Folder = Annotated[Path, typer.Argument(help="A folder that is not there yet.")]
Port = Annotated[
    int, typer.Option(envvar="SOUK_PORT", min=0, max=65535, help="Port on 127.0.0.1; 0 takes any free one.")
]


def up(
    engine: Engine = EngineName.embedded,
    port: Port = 8080,
    state: StateFolder = DEFAULT_STATE,
    *,
    samples: Samples = True,
) -> None:
    """Start Souk on this machine, and serve until Ctrl-C."""
    from local import logs
    from local.cloudformation import TemplateError
    from local.run import CannotStart, Run, Settings

    terminal = Terminal()
    began = time.monotonic()
    folder = State(state)
    try:
        with folder.locked():
            logs.redirect(folder.function_log)
            settings = Settings(folder, engine.value, port, samples)
            run = Run(settings, terminal.done, terminal.warn)
            run.serve(lambda served: _welcome(terminal, served, time.monotonic() - began))
            terminal.print("Souk has stopped.")
        _leave()
    except (InUse, WrongEngine, CannotStart, TemplateError) as error:
        refuse(error)


class Terminal:
    """Prints for a person. A terminal that went away does not end the run."""

    def __init__(self) -> None:
        self._console = Console(file=sys.stdout, highlight=False)

    def print(self, text: str) -> None:
        """Print text with rich's markup, lines unbroken."""
        with suppress(OSError, SystemExit):
            self._console.print(text, soft_wrap=True)

    def done(self, text: str) -> None:
        """A step of the start."""
        self.print(f"[green]✓[/] {escape(text)}")

    def warn(self, text: str) -> None:
        """What went wrong, but ends nothing."""
        self.print(f"[yellow]![/] {escape(text)}")


def _leave() -> NoReturn:
    """End at once: everything is saved, and a request that still waits for something must not hold the process."""
    sys.stdout.flush()
    os._exit(0)


def _welcome(terminal: Terminal, run: Run, seconds: float) -> None:
    env = _short(run.settings.state.dev_env)
    key = '-H "x-api-key: $SOUK_API_KEY"'
    terminal.print(f"\n[bold]Souk is ready[/] on [bold]{run.url}[/] after {seconds:.1f} s. Ctrl-C stops it.")
    terminal.print(f"API pages: {run.url}/docs    keys, tokens, ids: {env}\n\nIn another terminal:")
    for line in (
        f"set -a; . {env}; set +a",
        f"curl -s {key} $SOUK_URL/api/dataproducts",
        f"curl -s {key} $SOUK_URL/api/datacontracts/beans-in-stock/datacontract.yaml",
        f"curl -s {key} $SOUK_URL/api/events",
    ):
        terminal.print(f"  [cyan]{line}[/]")
    terminal.print("")


def _short(path: Path) -> str:
    """The path as one types it from here; `./` because a shell's `.` looks up bare names elsewhere."""
    return f"./{path.relative_to(Path.cwd())}" if path.is_relative_to(Path.cwd()) else str(path)


def backup(folder: Folder, state: StateFolder = DEFAULT_STATE) -> None:
    """Copy the state into a new folder, also while Souk runs on it. `souk up --state` goes on with the copy."""
    try:
        State(state).copy(folder)
    except (InUse, OSError) as error:
        refuse(error)
    typer.echo(f"{state} is copied into {folder}")


def reset(state: StateFolder = DEFAULT_STATE) -> None:
    """Forget everything that the state folder keeps."""
    try:
        done = State(state).reset()
    except InUse as error:
        refuse(f"{error}; stop it first")
    typer.echo(f"{state} is empty now." if done else f"There is nothing at {state}.")
