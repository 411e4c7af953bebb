"""`souk invoke`: one function, once, as `sam local invoke` runs it, without Docker."""

from __future__ import annotations

import json
import re
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer

from local.cli.options import DEFAULT_STATE, StateFolder, refuse
from local.state import InUse, State

Name = Annotated[str, typer.Argument(help="Logical name, such as GetTeamFunction or nndm/GetTeamFunction.")]
EventFile = Annotated[str, typer.Option("--event", "-e", help="File with the event; - reads standard input.")]


def invoke(function: Name, event: EventFile = "", state: StateFolder = DEFAULT_STATE) -> None:
    """Run one function with an event and print its answer as JSON. Works beside a running `souk up`.

    Ends with 1 when the function fails; the answer is then Lambda's description of the failure.
    """
    from local.cloudformation import TemplateError

    terminal = sys.stdout
    try:
        given = _given(event, State(state))
        answer, failed = _answer(function, given, State(state))
    except (TemplateError, InUse, OSError, ValueError) as error:
        refuse(error)
    finally:
        sys.stdout = terminal
    typer.echo(json.dumps(answer, ensure_ascii=False))
    raise typer.Exit(1 if failed else 0)


def _given(event: str, state: State) -> Any:
    try:
        return json.loads(_filled(_text(event), state))
    except json.JSONDecodeError as error:
        raise ValueError(f"{event} holds no JSON: {error}") from None


def _text(event: str) -> str:
    if event == "-":
        return sys.stdin.read()
    return Path(event).read_text(encoding="utf-8") if event else "{}"


def _filled(text: str, state: State) -> str:
    """A recorded event with this run's own: `$SOUK_API_KEY` and its like stand for what dev.env says."""
    from local.identities import read_shell

    own = read_shell(state.dev_env.read_text()) if state.dev_env.exists() else {}
    return re.sub(r"\$(SOUK_[A-Z_]+)", lambda match: own.get(match[1], match[0]), text)


def _answer(name: str, event: Any, state: State) -> tuple[Any, bool]:
    """Function logs go to standard error, so that standard output is the answer alone."""
    from local.workbench import open_workbench

    with ExitStack() as stack:
        bench = stack.enter_context(open_workbench(state))
        sys.stdout = sys.stderr
        outcome = bench.executor.invoke(bench.application.function(name), event)
    return (outcome.error, True) if outcome.error else (outcome.value, False)
