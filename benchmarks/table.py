"""A row of results, and the table they make."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """One measurement against its budget."""

    budget: str
    what: str
    measured: str
    allowed: str
    met: bool


def render(rows: list[Row]) -> str:
    """A Markdown table."""
    head = ["| budget | what | measured | allowed | |", "|---|---|---|---|---|"]
    return "\n".join(
        head
        + [f"| {r.budget} | {r.what} | {r.measured} | {r.allowed} | {'met' if r.met else 'MISSED'} |" for r in rows]
    )
