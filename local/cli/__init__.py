"""The `souk` command."""

from __future__ import annotations

import typer

from local.cli import catalogue, doctor, events, governance, grants, invoke, keys, redrive, reindex, run

_app = typer.Typer(
    name="souk",
    help="Souk on this machine: run it, look into it, give out keys.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_app.command("up", help=run.up.__doc__)(run.up)
_app.command("run", hidden=True, help="The same as `up`.")(run.up)
_app.command("reset", help=run.reset.__doc__)(run.reset)
_app.command("invoke", help=invoke.invoke.__doc__)(invoke.invoke)
_app.command("export", help=catalogue.export.__doc__)(catalogue.export)
_app.command("plan", help=catalogue.show.__doc__)(catalogue.show)
_app.command("apply", help=catalogue.carry_out.__doc__)(catalogue.carry_out)
_app.command("import", hidden=True, help="The same as `apply`.")(catalogue.carry_out)
_app.command("seed", help=catalogue.seed.__doc__)(catalogue.seed)
_app.command("doctor", help=doctor.doctor.__doc__)(doctor.doctor)
_app.command("redrive", help=redrive.redrive.__doc__)(redrive.redrive)
_app.command("reindex", help=reindex.reindex.__doc__)(reindex.reindex)
_app.command("token", help=keys.token.__doc__)(keys.token)
_app.add_typer(keys.keys, name="keys")
_app.add_typer(governance.users, name="users")
_app.add_typer(governance.domains, name="domains")
_app.add_typer(governance.teams, name="teams")
_app.add_typer(governance.sources, name="sources")
_app.add_typer(governance.forms, name="forms")
_app.add_typer(events.events, name="events")
_app.add_typer(grants.grants, name="grants")


def souk() -> None:
    """Entry point."""
    _app(prog_name="souk")
