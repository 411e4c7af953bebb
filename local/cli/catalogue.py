"""`souk export`, `souk plan`, `souk apply`, `souk seed`: the catalogue of any Souk as a folder of YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from local.catalogue import Catalogue, Change, Refused, Server, apply, plan, read, write
from local.cli.options import DEFAULT_STATE, StateFolder, refuse
from local.door_catalogues import SERVERS
from local.identities import read_shell
from local.state import State

Folder = Annotated[Path, typer.Argument(help="Folder of the catalogue: <door>/<kind>/<id or name>.yaml.")]
Url = Annotated[str, typer.Option("--url", envvar="SOUK_URL", help="Base URL of the door; without, the local run.")]
Key = Annotated[str, typer.Option("--key", envvar="SOUK_API_KEY", help="API key; without, the local run's.")]
Door = Annotated[str, typer.Option("--door", help=f"Through which door: {', '.join(SERVERS)}.")]
Prune = Annotated[bool, typer.Option("--prune", help="Delete what the folder does not hold.")]
_SIGNS = {"create": ("+", "green"), "update": ("~", "yellow"), "decide": ("!", "yellow"), "delete": ("-", "red")}


def server_of(url: str, key: str, state: State, door: str = Server.door) -> Server:
    """The Souk that is meant: the one named, or the local run of this state. Ends the command when there is none."""
    own = read_shell(state.dev_env.read_text()) if state.dev_env.exists() else {}
    found, secret = url or own.get("SOUK_URL", ""), key or own.get("SOUK_API_KEY", "")
    if not found or not secret:
        refuse("say which Souk with --url and --key, or start one with `souk up`")
    if door not in SERVERS:
        refuse(f"there is nothing to be carried through {door!r}: {', '.join(SERVERS)}")
    try:
        return SERVERS[door](found, secret)
    except Refused as error:
        refuse(error)


def export(
    folder: Folder, url: Url = "", key: Key = "", door: Door = Server.door, state: StateFolder = DEFAULT_STATE
) -> None:
    """Write the catalogue of a Souk into a folder of YAML, a file for each record."""
    try:
        count = write(server_of(url, key, State(state), door).catalogue(), folder, door)
    except (Refused, OSError) as error:
        refuse(error)
    typer.echo(f"{count} records in {folder}")


def show(
    folder: Folder,
    url: Url = "",
    key: Key = "",
    *,
    door: Door = Server.door,
    prune: Prune = False,
    state: StateFolder = DEFAULT_STATE,
) -> None:
    """Show what `apply` would change. Nothing is changed."""
    _print(_planned(server_of(url, key, State(state), door), folder, prune))


def carry_out(
    folder: Folder,
    url: Url = "",
    key: Key = "",
    *,
    door: Door = Server.door,
    prune: Prune = False,
    state: StateFolder = DEFAULT_STATE,
) -> None:
    """Make the catalogue of a Souk what a folder says. `souk plan` shows first what that would change."""
    server = server_of(url, key, State(state), door)
    changes = _planned(server, folder, prune)
    _print(changes)
    _apply(server, changes)


def seed(url: Url = "", key: Key = "", state: StateFolder = DEFAULT_STATE) -> None:
    """Put the sample catalogue into a Souk; what is there already stays as it is."""
    from local.seeding import documents

    server = server_of(url, key, State(state))
    wanted: Catalogue = {
        (kind, one["id"]): {name: value for name, value in one.items() if name != "then"} for kind, one in documents()
    }
    try:
        there = server.catalogue()
    except Refused as error:
        refuse(error)
    _apply(server, [change for change in plan(wanted, there) if change.verb == "create"])


def _planned(server: Server, folder: Path, prune: bool) -> list[Change]:
    try:
        return plan(read(folder, type(server)), server.catalogue(), prune=prune)
    except (Refused, OSError) as error:
        refuse(error)


def _print(changes: list[Change]) -> None:
    for change in changes:
        sign, colour = _SIGNS[change.verb]
        typer.secho(f"{sign} {change.verb} {change.kind}/{change.id}", fg=colour)
    count = {verb: sum(change.verb == verb for change in changes) for verb in _SIGNS}
    typer.echo("{create} to create, {update} to update, {decide} to decide, {delete} to delete".format(**count))


def _apply(server: Server, changes: list[Change]) -> None:
    from rich.progress import Progress

    with Progress(transient=True, disable=not changes) as progress:
        task = progress.add_task("Applying", total=len(changes))
        try:
            apply(server, changes, lambda _: progress.advance(task))
        except Refused as error:
            progress.stop()
            refuse(error)
    typer.echo(f"{len(changes)} changes made")
