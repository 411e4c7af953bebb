"""`souk users|domains|teams|sources|forms`: what governance brings along (docs/provisioning.md)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from local.cli.options import DEFAULT_STATE, StateFolder, refuse
from local.state import InUse, State

if TYPE_CHECKING:
    from souk.work import Work

T = TypeVar("T")
Where = Annotated[
    Path, typer.Argument(exists=True, help="A YAML or JSON file with one document or a list, or a folder.")
]


def _run(state: StateFolder, command: Callable[[Work], T]) -> T:
    """Carry out a command on the state's store, or on a deployed one if the environment names its tables."""
    from local.workbench import open_workbench
    from souk.errors import SoukError
    from souk.store.connect import connect
    from souk.work import run

    try:
        if os.environ.get("SOUK_STORE") == "dynamodb":
            return run(connect(), command, principal="souk command")
        with open_workbench(State(state), services=False):
            return run(connect(), command, principal="souk command")
    except (InUse, SoukError, ValueError, OSError) as error:
        refuse("; ".join(getattr(error, "problems", [])) or error)


def group(kind: str, what: str, columns: tuple[str, ...], put: str) -> typer.Typer:
    """The commands `import` and `list` for records of one kind; `put` names the function of `local.governance`."""
    app = typer.Typer(help=f"{what}: import and list them.", no_args_is_help=True)

    @app.command("import", help=f"Create or replace {what.lower()} from files.")
    def bring(path: Where, state: StateFolder = DEFAULT_STATE) -> None:
        from local import governance

        try:
            documents = governance.read_documents(path)
        except (ValueError, OSError) as error:
            refuse(error)
        for document in documents:
            done = _run(state, lambda work, document=document: getattr(governance, put)(work, document))  # type: ignore[misc]
            typer.echo(done.id)

    @app.command("list", help=f"Show {what.lower()}.")
    def show(state: StateFolder = DEFAULT_STATE) -> None:
        found = _run(state, lambda work: [(one.id, one.body["card"]) for one in work.records(kind)])
        table = Table("id", *columns)
        for exact_id, card in found:
            table.add_row(exact_id, *(_cell(card.get(name)) for name in columns))
        Console(highlight=False).print(table)

    return app


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(one if isinstance(one, str) else _named(one) for one in value)
    return json.dumps(value) if isinstance(value, dict) else str(value or "")


def _named(one: dict[str, Any]) -> str:
    return str(next((one[field] for field in ("name", "label", "email") if field in one), ""))


users = group("user", "People", ("name", "email", "permissions", "managed_domains", "teams", "attributes"), "put_user")
domains = group("domain", "Domains", ("name", "description", "parent"), "put_domain")
teams = group("team", "Teams", ("name", "type", "members", "parent"), "put_team")
sources = group("asset", "Data sources", ("name", "technology", "domain", "columns"), "put_source")
forms = group("form", "Request forms", ("name", "fields", "version"), "put_form")
