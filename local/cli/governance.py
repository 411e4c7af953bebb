"""`souk users|domains|teams|sources|forms`: what governance brings along (docs/provisioning.md)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from local.cli import tables
from local.cli.options import DEFAULT_STATE, Stack, StateFolder, refuse
from local.cli.places import run_on

Where = Annotated[
    Path, typer.Argument(exists=True, help="A YAML or JSON file with one document or a list, or a folder.")
]


def group(kind: str, what: str, columns: tuple[str, ...], put: str) -> typer.Typer:
    """The commands `import` and `list` for records of one kind; `put` names the function of `local.governance`."""
    app = typer.Typer(help=f"{what}: import and list them.", no_args_is_help=True)

    @app.command("import", help=f"Create or replace {what.lower()} from files.")
    def bring(path: Where, stack: Stack = "", state: StateFolder = DEFAULT_STATE) -> None:
        from local import governance

        try:
            documents = governance.read_documents(path)
        except (ValueError, OSError) as error:
            refuse(error)
        for document in documents:
            done = run_on(state, stack, lambda work, document=document: getattr(governance, put)(work, document))  # type: ignore[misc]
            typer.echo(done.id)

    @app.command("list", help=f"Show {what.lower()}.")
    def show(stack: Stack = "", state: StateFolder = DEFAULT_STATE) -> None:
        found = run_on(state, stack, lambda work: [(one.id, one.body["card"]) for one in work.records(kind)])
        rows = [(exact_id, *(_cell(card.get(name)) for name in columns)) for exact_id, card in found]
        tables.show(("id", *columns), rows)

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
