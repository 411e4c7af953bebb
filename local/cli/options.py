"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from local.state import DEFAULT

StateFolder = Annotated[
    Path, typer.Option("--state", envvar="SOUK_STATE", help="Folder that keeps everything.", show_default=True)
]
Stack = Annotated[
    str, typer.Option("--stack", help="A deployed Souk: the name of its stack. By your own credentials of AWS.")
]
DEFAULT_STATE = Path(DEFAULT)
EXIT_REFUSED = 2


def refuse(text: object) -> NoReturn:
    """Say why not, on standard error, and end with EXIT_REFUSED."""
    typer.secho(f"souk: {worded(text)}", fg="red", err=True)
    raise typer.Exit(EXIT_REFUSED)


def worded(text: object) -> object:
    """What the system says of a file, by the file's name."""
    if isinstance(text, OSError) and text.filename and text.strerror:
        return f"{text.filename}: {text.strerror}"
    return text
