"""Why budgets are missed, and what it would take: reasons.toml, put beside what was measured."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.functions import Ratio
from benchmarks.operations import Over
from benchmarks.table import Row

REASONS = Path(__file__).with_name("reasons.toml")
_BY_KIND = ("P1", "P2")
"""Budgets whose reasons are those of all reads, or of all writes: what is over depends on the machine, too."""


def read() -> dict[str, list[dict[str, Any]]]:
    """Reasons of `rows` of the table of budgets, and of `operations`."""
    return tomllib.loads(REASONS.read_text())


def told(rows: Sequence[Row], over: Over, measured: Sequence[Ratio]) -> str:
    """A line for each reason that something missed needs, as Markdown."""
    reasons = read()
    head = ["| budget | what | why | what it would take |", "|---|---|---|---|"]
    missed = [row for row in rows if not row.met]
    lines = [_line(one["budget"], row.what, one) for row, one in _of_rows(missed, reasons["rows"])]
    kinds = {one.name: one.kind for one in measured}
    lines += [_line(one["budget"], what, one) for one, what in _of_operations(over, kinds, reasons["operations"])]
    return "\n".join(head + lines)


def unexplained(rows: Sequence[Row], over: Over) -> list[str]:
    """What is missed and has no reason."""
    reasons = read()
    by_budget = {one["budget"] for one in reasons["operations"]}
    explained = {row.what for row, _ in _of_rows(rows, reasons["rows"])}
    bare = [row.what for row in rows if not row.met and row.budget not in by_budget and row.what not in explained]
    named = {(one["budget"], name) for one in reasons["operations"] for name in one.get("operations", ())}
    return bare + [
        f"{budget} {name}"
        for budget, names in over.items()
        for name in names
        if budget not in _BY_KIND and (budget, name) not in named
    ]


def _of_rows(rows: Sequence[Row], reasons: list[dict[str, Any]]) -> Iterator[tuple[Row, dict[str, Any]]]:
    for row in rows:
        for one in reasons:
            if row.budget == one["budget"] and row.what.startswith(one["what"]):
                yield row, one
                break


def _of_operations(
    over: Over, kinds: dict[str, str], reasons: list[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any], str]]:
    for one in reasons:
        mine = {
            name: value
            for name, value in over.get(one["budget"], {}).items()
            if name in one.get("operations", ()) or ("kind" in one and kinds.get(name) == one["kind"])
        }
        if mine:
            yield one, ", ".join(f"`{name}` {value}" for name, value in mine.items())


def _line(budget: str, what: str, reason: dict[str, Any]) -> str:
    return f"| {budget} | {what} | {reason['why']} | {reason['takes']} |"
