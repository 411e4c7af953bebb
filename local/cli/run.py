"""`souk up` and `souk reset`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from local.cli.options import DEFAULT_STATE, StateFolder, refuse
from local.state import InUse, State, WrongEngine


class EngineName(StrEnum):
    """Which store a run works on."""

    embedded = "embedded"
    aws = "aws"


Engine = Annotated[EngineName, typer.Option(envvar="ENGINE", help="embedded (SQLite), or aws (emulated DynamoDB).")]
Samples = Annotated[bool, typer.Option(envvar="SOUK_SAMPLES", help="Put a sample catalogue into a new state.")]
Port = Annotated[int, typer.Option(envvar="SOUK_PORT", help="Port on 127.0.0.1; 0 takes any free one.")]


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

    console = Console(file=sys.stdout, highlight=False)
    began = time.monotonic()
    folder = State(state)
    try:
        with folder.locked():
            logs.redirect(folder.function_log)
            settings = Settings(folder, engine.value, port, samples)
            run = Run(settings, _line(console, "[green]✓[/]"), _line(console, "[yellow]![/]"))
            run.serve(lambda served: _welcome(console, served, time.monotonic() - began))
            console.print("Souk has stopped.")
    except (InUse, WrongEngine, CannotStart, TemplateError) as error:
        refuse(error)


def _line(console: Console, mark: str) -> Callable[[str], None]:
    return lambda text: console.print(f"{mark} {escape(text)}")


def _welcome(console: Console, run: object, seconds: float) -> None:
    url = run.url  # type: ignore[attr-defined]
    env = _short(run.settings.state.dev_env)  # type: ignore[attr-defined]
    key = '-H "x-api-key: $SOUK_API_KEY"'
    console.print(f"\n[bold]Souk is ready[/] on [bold]{url}[/] after {seconds:.1f} s. Ctrl-C stops it.")
    console.print(f"API pages: {url}/docs    keys, tokens, ids: {env}\n\nIn another terminal:")
    for line in (
        f"set -a; . {env}; set +a",
        f"curl -s {key} $SOUK_URL/api/dataproducts",
        f"curl -s {key} $SOUK_URL/api/datacontracts/beans-in-stock/datacontract.yaml",
        f"curl -s {key} $SOUK_URL/api/events",
    ):
        console.print(f"  [cyan]{line}[/]", soft_wrap=True, markup=True)
    console.print("")


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def reset(state: StateFolder = DEFAULT_STATE) -> None:
    """Forget everything that the state folder keeps."""
    try:
        done = State(state).reset()
    except InUse as error:
        refuse(f"{error}; stop it first")
    typer.echo(f"{state} is empty now." if done else f"There is nothing at {state}.")
