"""Tables that a person reads, and that a script can cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

_UNBROKEN = 10_000
"""Columns where nobody looks: lines of a file or a pipe stay whole."""


def show(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows; the first column holds ids, which are to be copied and so are never cut."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_UNBROKEN)
    table = Table(*columns)
    table.columns[0].no_wrap = True
    table.columns[0].overflow = "ignore"
    for row in rows:
        table.add_row(*row)
    console.print(table)
