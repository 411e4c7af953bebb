"""Run every measurement, print the tables, and write them with their conditions to benchmarks/RESULTS.md.

What is missed stands there with the reason that reasons.toml gives for it.

`python -m benchmarks PART ...` runs only some: table, growth, local, functions. Those write nothing.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import cost, functions, growth, local_run, operations, reasons
from benchmarks.table import Row, render

RESULTS = Path(__file__).with_name("RESULTS.md")
TEMPLATE = Path(__file__).with_name("results_template.md")
SIDE = "side"
Ratios = tuple[list[functions.Ratio], list[functions.Ratio]]
Part = Callable[[], tuple[list[Row], Ratios]]
_NONE: Ratios = ([], [])


def conditions() -> str:
    """What the figures were measured on; absolute times do not travel to other machines."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"load before the run {load} (1, 5, 15 minutes), calibration {calibrated():.2f} s of CPU "
        "(20 million turns of an empty loop)"
    )


def calibrated() -> float:
    """Seconds of CPU that this machine takes for a fixed piece of work: divide by it to compare machines."""
    before = time.process_time()
    for _ in range(20_000_000):
        pass
    return time.process_time() - before


def _functions() -> tuple[list[Row], Ratios]:
    ratios = functions.measure()
    return functions.rows(*ratios), ratios


PARTS: dict[str, Part] = {
    "local": lambda: (local_run.rows(), _NONE),
    "functions": _functions,
    "table": lambda: (cost.rows(), _NONE),
    "growth": lambda: (growth.rows(), _NONE),
}


def run(parts: list[str]) -> None:
    """Measure, print, and write if everything was measured."""
    where = conditions()
    print(where, flush=True)
    rows: list[Row] = []
    ratios = _NONE
    for name in parts or PARTS:
        began = time.monotonic()
        more, found = PARTS[name]()
        rows += more
        ratios = ratios if found is _NONE else found
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    rows.sort(key=lambda row: row.budget)
    print(f"\n{render(rows)}")
    missing = reasons.unexplained(rows, operations.over(cost.table(), *ratios))
    print("\n".join(f"no reason is given for: {what}" for what in missing), file=sys.stderr)
    if not parts:
        RESULTS.write_text(document(where, rows, ratios))


def document(where: str, rows: list[Row], ratios: Ratios) -> str:
    """RESULTS.md."""
    kept = cost.table()
    over = operations.over(kept, *ratios)
    budgets = [row for row in rows if row.budget != SIDE]
    side = [row for row in rows if row.budget == SIDE]
    return TEMPLATE.read_text().format(
        where=where,
        budgets=render(budgets),
        side="\n".join(f"- {row.what}: {row.measured}" for row in side),
        reasons=reasons.told(budgets, over, [*ratios[0], *ratios[1]]),
        operations=operations.listing(kept, *ratios),
    )


if __name__ == "__main__":
    run(sys.argv[1:])
