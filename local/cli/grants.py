"""`souk grants`: how far the system that holds the data has come with what accesses say, and having it tried again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple

import typer

from local.cli import tables
from local.cli.options import DEFAULT_STATE, Stack, StateFolder, refuse
from local.state import InUse, State

FUNCTION = "reactions/ManageGrantsFunction"
_OUTPUT = "ManageGrantsFunction"
Answer = dict[str, Any]
AccessId = Annotated[str, typer.Option("--access", help="Id of one access.")]
FunctionName = Annotated[str, typer.Option("--function", help="A deployed Souk: its ManageGrantsFunction.")]
grants = typer.Typer(help="Grants in the system that holds the data (SOUK_GRANTOR).", no_args_is_help=True)


class Place(NamedTuple):
    """Where the function is: in a deployed stack, under its own name, or in a state on this machine."""

    state: StateFolder
    stack: str
    function: str


@grants.command("list")
def show(
    only: Annotated[str, typer.Option("--only", help="pending, granted, failed or drifted.")] = "",
    *,
    stack: Stack = "",
    function: FunctionName = "",
    state: StateFolder = DEFAULT_STATE,
) -> None:
    """Grants and how they stand."""
    rows = []
    for answer in _answers(Place(state, stack, function), {"show": only}):
        for card in answer["grants"]:
            wanted = "yes" if card["wanted"] else "no"
            told = (card["access"], card["product"], wanted, card["state"], str(card["attempt"]))
            rows.append((*told, card.get("reason", "")))
    tables.show(("access", "product", "wanted", "state", "attempt", "reason"), rows)


@grants.command("apply")
def apply(
    access: AccessId = "",
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Every access in force, and what may still be held.")
    ] = False,
    stack: Stack = "",
    function: FunctionName = "",
    state: StateFolder = DEFAULT_STATE,
) -> None:
    """Have the system do again what one access says, or all of them. Harmless where it is done already."""
    if everything == bool(access):
        refuse("say --access ID or --all")
    place = Place(state, stack, function)
    if access:
        (answer,) = _answers(place, {"apply": access})
        typer.echo(f"{answer['grant']['state']}, attempt {answer['grant']['attempt']}")
    else:
        typer.echo(f"{sum(answer['grants'] for answer in _answers(place, {'apply': True}))} grants are made again")


def _answers(place: Place, event: Answer) -> Iterator[Answer]:
    """Every answer, until the function has no more to do. What is wrong is said, not traced."""
    start: str | None = ""
    while start is not None:
        answer = _invoke(place, event | {"from": start})
        if "refused" in answer:
            refuse(answer["refused"])
        yield answer
        start = answer.get("next")


def _invoke(place: Place, event: Answer) -> Answer:
    if place.stack or place.function:
        return invoke_deployed(place.function or _function_of(place.stack), event)
    from local.workbench import open_workbench

    try:
        with open_workbench(State(place.state), services=False) as bench:
            outcome = bench.executor.invoke(bench.application.function(FUNCTION), event)
    except (InUse, ValueError) as error:
        refuse(error)
    if outcome.error:
        refuse(outcome.error.get("errorMessage", "the function failed"))
    value: Answer = outcome.value
    return value


def invoke_deployed(function: str, event: Answer) -> Answer:
    """What a deployed function answers. Ends the command where it does not."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        outcome = boto3.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
        answer: Answer = json.load(outcome["Payload"])
    except (BotoCoreError, ClientError) as error:
        refuse(error)
    if outcome.get("FunctionError"):
        refuse(answer.get("errorMessage", "the function failed"))
    return answer


def _function_of(stack: str) -> str:
    from local.deployed import NotThere, output

    try:
        return output(stack, _OUTPUT)
    except NotThere as error:
        refuse(error)
