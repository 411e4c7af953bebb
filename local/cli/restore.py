"""`souk restore`: tables that were restored to an instant, made the data of a new stack."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from local.cli.options import refuse

Table = Annotated[str, typer.Option(help="The restored table.")]
Bucket = Annotated[str, typer.Option(help="The bucket of the former stack; it keeps what was replaced for 35 days.")]
Into = Annotated[str, typer.Option("--stack", help="The new stack, which nobody has used yet.")]
At = Annotated[datetime, typer.Option(help="The instant (UTC) that the tables were restored to.")]


def restore(stack: Into, at: At, entities: Table, outbox: Table, log: Table, bucket: Bucket) -> None:
    """Copy restored tables, and the objects of their instant, into a new stack. May be run again when interrupted."""
    from botocore.exceptions import BotoCoreError, ClientError
    from rich.console import Console

    from local.deployed import NotThere, environment_of
    from local.restoring import Place, Refused
    from local.restoring import restore as copy

    console = Console(stderr=True)
    try:
        found = environment_of(stack)
        names = ("ENTITIES_TABLE", "OUTBOX_TABLE", "LOG_TABLE", "BUCKET")
        target = Place(*(found[f"SOUK_{name}"] for name in names))
        with console.status("Restoring") as status:
            told = copy(
                Place(entities, outbox, log, bucket),
                target,
                at.replace(tzinfo=UTC),
                lambda what: status.update(f"Restoring {what}"),
            )
    except (NotThere, Refused, BotoCoreError, ClientError) as error:
        refuse(error)
    typer.echo(f"{told.items} items and {told.objects} objects are in {stack}")
