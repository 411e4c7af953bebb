"""One row for each operation: first and warm answers (P1, P2), round trips (P3) and capacity units (P4)."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from benchmarks import cost
from benchmarks.functions import COLD, WARM, Ratio

Over = dict[str, dict[str, str]]
"""By budget, and by operation: what was measured, where that is more than allowed."""
_HEAD = (
    "operation",
    "kind",
    "P1 first answer, ms",
    "x bare",
    "P2 warm, ms",
    "x bare",
    "P3 round trips",
    "P4 read units",
    "for each item",
    "write units",
    "over",
)


def over_in_table(kept: dict[str, Any]) -> Over:
    """What the capacity table says is over P3 and P4. Refusals that a recording ends with are left out."""
    found: Over = {"P3": {}, "P4": {}}
    for name, row in _answered(kept).items():
        if cost.trips(row) > cost.trips_allowed(row):
            found["P3"][name] = str(cost.trips(row))
        if cost.written(row) > cost.UNITS or row["rru"] > row["read"]:
            found["P4"][name] = str(cost.written(row))
    return found


def over(kept: dict[str, Any], cold: Sequence[Ratio], warm: Sequence[Ratio]) -> Over:
    """The same, with P1 and P2 as they were measured."""
    ratios = {
        "P1": {one.name: f"{one.times:.2f}x" for one in cold if one.times > COLD[one.kind]},
        "P2": {one.name: f"{one.times:.2f}x" for one in warm if one.times > WARM[one.kind]},
    }
    return ratios | over_in_table(kept)


def listing(kept: dict[str, Any], cold: Sequence[Ratio], warm: Sequence[Ratio]) -> str:
    """The table as Markdown, with the median and the worst of each column of each kind first."""
    first, then = {one.name: one for one in cold}, {one.name: one for one in warm}
    missed = over(kept, cold, warm)
    rows = {name: _figures(row, first.get(name), then.get(name)) for name, row in _answered(kept).items()}
    lines = [_line(*_HEAD), _line(*["---"] * len(_HEAD))]
    for kind in ("read", "write"):
        mine = [rows[name] for name, row in _answered(kept).items() if _kind(row) == kind]
        for what, of in (("median", statistics.median), ("worst", max)):
            lines.append(
                _line(f"**{what}**", f"{kind}s", *(_over_all(column, of) for column in zip(*mine, strict=True)))
            )
    for name, row in _answered(kept).items():
        budgets = ", ".join(budget for budget, names in missed.items() if name in names)
        lines.append(_line(f"`{name}`", _kind(row), *map(_shown, rows[name]), budgets))
    return "\n".join(lines)


def _answered(kept: dict[str, Any]) -> dict[str, Any]:
    return {name: row for name, row in kept.items() if row["calls"] and row["status"] < 400}


def _kind(row: dict[str, Any]) -> str:
    return "write" if row["wru"] else "read"


def _figures(row: dict[str, Any], first: Ratio | None, then: Ratio | None) -> tuple[float | None, ...]:
    """None: calls more than the database, which P1 and P2 do not hold against bare calls."""
    cold = (first.own, first.times) if first else (None, None)
    warm = (then.own, then.times) if then else (None, None)
    for_each = row["rru"] / row["read"] if row["read"] else None
    return (*cold, *warm, cost.trips(row), row["rru"], for_each, cost.written(row) or None)


def _over_all(column: Sequence[float | None], of: Any) -> str:
    there = [value for value in column if value is not None]
    return _shown(of(there)) if there else ""


def _shown(value: float | None) -> str:
    return "-" if value is None else str(value) if isinstance(value, int) else f"{value:.2f}"


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |" + ("" if len(cells) == len(_HEAD) else " |" * (len(_HEAD) - len(cells)))
