"""The `souk` command."""

from __future__ import annotations

import typer
import typer.main

from local.cli import (
    catalogue,
    doctor,
    events,
    governance,
    grants,
    invoke,
    keys,
    migrate,
    redrive,
    reindex,
    restore,
    run,
)
from local.cli.examples import with_examples
from local.cli.options import EXIT_REFUSED, worded

app = typer.Typer(
    name="souk",
    help="Souk on this machine: run it, look into it, give out keys.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("up", help=run.up.__doc__)(run.up)
app.command("run", hidden=True, help="The same as `up`.")(run.up)
app.command("reset", help=run.reset.__doc__)(run.reset)
app.command("backup", help=run.backup.__doc__)(run.backup)
app.command("invoke", help=invoke.invoke.__doc__)(invoke.invoke)
app.command("export", help=catalogue.export.__doc__)(catalogue.export)
app.command("plan", help=catalogue.show.__doc__)(catalogue.show)
app.command("apply", help=catalogue.carry_out.__doc__)(catalogue.carry_out)
app.command("import", help="The same as `apply`.")(catalogue.carry_out)
app.command("seed", help=catalogue.seed.__doc__)(catalogue.seed)
app.command("doctor", help=doctor.doctor.__doc__)(doctor.doctor)
app.command("migrate", help=migrate.migrate.__doc__)(migrate.migrate)
app.command("redrive", help=redrive.redrive.__doc__)(redrive.redrive)
app.command("reindex", help=reindex.reindex.__doc__)(reindex.reindex)
app.command("restore", help=restore.restore.__doc__)(restore.restore)
app.command("token", help=keys.token.__doc__)(keys.token)
app.add_typer(keys.keys, name="keys")
app.add_typer(governance.users, name="users")
app.add_typer(governance.domains, name="domains")
app.add_typer(governance.teams, name="teams")
app.add_typer(governance.sources, name="sources")
app.add_typer(governance.forms, name="forms")
app.add_typer(events.events, name="events")
app.add_typer(grants.grants, name="grants")


def souk() -> None:
    """Entry point."""
    try:
        with_examples(typer.main.get_command(app))(prog_name="souk")
    except OSError as error:
        typer.secho(f"souk: {worded(error)}", fg="red", err=True)
        raise SystemExit(EXIT_REFUSED) from None
