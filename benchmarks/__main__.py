"""Run every measurement, print one table, and write it with its conditions to benchmarks/RESULTS.md."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import local_run
from benchmarks.table import Row, render

RESULTS = Path(__file__).with_name("RESULTS.md")


def conditions() -> str:
    """What the figures were measured on; absolute times do not travel to other machines."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"load before the run {load} (1, 5, 15 minutes)"
    )


def measure() -> list[Row]:
    """All rows, in the order of the budgets."""
    return local_run.rows()


def run() -> None:
    """Measure, print and write."""
    where = conditions()
    table = render(measure())
    print(f"{where}\n\n{table}")
    RESULTS.write_text(f"# Results\n\nMeasured by `make bench`: {where}.\n\n{table}\n")


run()
