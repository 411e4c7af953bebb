"""Run every measurement, print the tables, and write them with their conditions to benchmarks/RESULTS.md.

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

from benchmarks import cost, functions, growth, local_run
from benchmarks.table import Row, render

RESULTS = Path(__file__).with_name("RESULTS.md")
Part = Callable[[], tuple[list[Row], str]]


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


def _functions() -> tuple[list[Row], str]:
    cold, warm = functions.measure()
    return functions.rows(cold, warm), functions.listing(cold, warm)


PARTS: dict[str, Part] = {
    "local": lambda: (local_run.rows(), ""),
    "functions": _functions,
    "table": lambda: (cost.rows(), ""),
    "growth": lambda: (growth.rows(), ""),
}


def run(parts: list[str]) -> None:
    """Measure, print, and write if everything was measured."""
    where = conditions()
    print(where, flush=True)
    rows: list[Row] = []
    listings: list[str] = []
    for name in parts or PARTS:
        began = time.monotonic()
        more, listing = PARTS[name]()
        rows += more
        listings += [listing] if listing else []
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    table = render(sorted(rows, key=lambda row: row.budget))
    print(f"\n{table}")
    if not parts:
        each = "\n\n".join(listings)
        capacity = "Calls and capacity units of every operation are in [capacity.json](capacity.json)."
        RESULTS.write_text(
            f"# Results\n\nMeasured by `make bench`: {where}.\n\n{table}\n\n## Every operation\n{capacity}\n\n{each}\n"
        )


if __name__ == "__main__":
    run(sys.argv[1:])
