"""`souk migrate`: the stored data, brought into the form that this version of the code writes."""

from __future__ import annotations

import typer

from local.cli.options import DEFAULT_STATE, Stack, StateFolder, refuse
from local.cli.places import opened
from local.state import InUse


def migrate(stack: Stack = "", state: StateFolder = DEFAULT_STATE) -> None:
    """Bring stored data to the version of this code, while requests go on. May be run again; CHANGELOG says when to."""
    from souk.errors import SoukError
    from souk.setup.migrations import migrate as through
    from souk.setup.version import VERSION
    from souk.store.connect import connect

    try:
        with opened(state, stack):
            for done in through(connect()):
                typer.echo(f"version {done.version}: {done.what}: {done.records} records changed")
    except (InUse, SoukError, ValueError, OSError) as error:
        refuse(error)
    typer.echo(f"the data has version {VERSION}")
