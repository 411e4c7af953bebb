"""`souk grants`: how far the system that holds the data has come with what accesses say, and having it tried again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from local.cli.options import DEFAULT_STATE, StateFolder, refuse
from local.state import InUse, State

if TYPE_CHECKING:
    from souk.store.port import Store

T = TypeVar("T")
AccessId = Annotated[str, typer.Option("--access", help="Id of one access.")]
grants = typer.Typer(help="Grants in the system that holds the data (SOUK_GRANTOR).", no_args_is_help=True)


def _with_store(state: StateFolder, act: Callable[[Store], T]) -> T:
    """Act on the state's store. What is wrong is said, not traced."""
    from local.workbench import open_workbench
    from souk.errors import SoukError
    from souk.store.connect import connect

    try:
        with open_workbench(State(state), services=False):
            return act(connect())
    except (InUse, SoukError, ValueError) as error:
        refuse(error)


@grants.command("list")
def show(
    only: Annotated[str, typer.Option("--only", help="pending, granted, failed or drifted.")] = "",
    state: StateFolder = DEFAULT_STATE,
) -> None:
    """Grants and how they stand."""
    from souk.access.grants import list_grants
    from souk.work import Work

    table = Table("access", "product", "wanted", "state", "attempt", "reason")
    for card in _with_store(state, lambda store: list(list_grants(Work(store), only or None))):
        wanted = "yes" if card["wanted"] else "no"
        table.add_row(
            card["access"], card["product"], wanted, card["state"], str(card["attempt"]), card.get("reason", "")
        )
    Console(highlight=False).print(table)


@grants.command("apply")
def apply(
    access: AccessId = "",
    *,
    everything: Annotated[bool, typer.Option("--all", help="Every access that is in force.")] = False,
    state: StateFolder = DEFAULT_STATE,
) -> None:
    """Have the system do again what one access says, or all of them. Harmless where it is done already."""
    if everything == bool(access):
        refuse("say --access ID or --all")
    done = _with_store(state, lambda store: _apply(store, access))
    typer.echo(", ".join(f"{number} {word}" for word, number in done.items()))


def _apply(store: Store, access: str) -> dict[str, int]:
    """Apply one, or all that should be or may still be granted. How all grants stand then."""
    from souk.access.granting import apply_access
    from souk.access.grants import counts, list_grants
    from souk.access.queries import live_views
    from souk.errors import NotFound
    from souk.ids import record_key
    from souk.work import Work

    work = Work(store)
    if access and work.find("access", access) is None:
        raise NotFound(f"access {access!r} does not exist")
    keys = [record_key("access", access)] if access else [view["key"] for view in live_views(work)]
    if not access:
        keys += [card["key"] for card in list_grants(work)]
    for key in dict.fromkeys(keys):
        apply_access(store, key, anew=True)
    return counts(Work(store))
