"""`souk reindex`: the search index, made anew from the records."""

from __future__ import annotations

from typing import Any

import typer

from local.cli.options import DEFAULT_STATE, Stack, StateFolder, refuse
from local.state import InUse, State

FUNCTION = "reactions/UpdateSearchFunction"


def reindex(stack: Stack = "", state: StateFolder = DEFAULT_STATE) -> None:
    """Make the search index anew from the records. Works beside a running `souk up`, which takes it within a minute."""
    event = {"rebuild": True}
    answer = _in_stack(stack, event) if stack else _here(State(state), event)
    typer.echo(f"{answer['versions']} versions are in the index")


def _here(state: State, event: dict[str, Any]) -> dict[str, Any]:
    from local.cloudformation import TemplateError
    from local.workbench import open_workbench

    try:
        with open_workbench(state) as bench:
            outcome = bench.executor.invoke(bench.application.function(FUNCTION), event)
    except (TemplateError, InUse, OSError, ValueError) as error:
        refuse(error)
    if outcome.error:
        typer.echo(outcome.error.get("errorMessage", "the index could not be made"), err=True)
        raise typer.Exit(1)
    value: dict[str, Any] = outcome.value
    return value


def _in_stack(stack: str, event: dict[str, Any]) -> dict[str, Any]:
    from local.cli.grants import invoke_deployed
    from local.deployed import NotThere, resources

    logical = FUNCTION.rpartition("/")[2]
    try:
        found = resources(stack, "AWS::Lambda::Function")
    except NotThere as error:
        refuse(error)
    if logical not in found:
        refuse(f"the stack {stack} has no {logical}")
    return invoke_deployed(found[logical], event)
