"""`souk reindex`: the search index, made anew from the records."""

from __future__ import annotations

import typer

from local.cli.options import DEFAULT_STATE, StateFolder, refuse
from local.state import InUse, State

FUNCTION = "reactions/UpdateSearchFunction"


def reindex(state: StateFolder = DEFAULT_STATE) -> None:
    """Make the search index anew from the records. Works beside a running `souk up`, which takes it within a minute."""
    from local.cloudformation import TemplateError
    from local.workbench import open_workbench

    try:
        with open_workbench(State(state)) as bench:
            outcome = bench.executor.invoke(bench.application.function(FUNCTION), {"rebuild": True})
    except (TemplateError, InUse, OSError, ValueError) as error:
        refuse(error)
    if outcome.error:
        typer.echo(outcome.error.get("errorMessage", "the index could not be made"), err=True)
        raise typer.Exit(1)
    typer.echo(f"{outcome.value['versions']} versions are in the index")
