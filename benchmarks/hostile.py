"""What hostile requests cost: `python -m benchmarks.hostile` sends the corpus (tests/hostile), shows the dearest.

CPU of this process, the gateway's part included. Above the budget: exit 1.
"""

from __future__ import annotations

import gc
import sys

import pytest

BUDGET = 50.0
"""Milliseconds of CPU for one answer."""


class Quiet:
    """Keeps what the tests hold out of the collector's way: requests are measured, not the heap of a test run."""

    def pytest_runtest_call(self) -> None:
        gc.collect()
        gc.freeze()


def measured() -> int:
    """How the run of the corpus ended; what it cost is in `tests.hostile.sending`."""
    return int(pytest.main(["-q", "-n", "0", "-p", "no:cacheprovider", "tests/hostile"], plugins=[Quiet()]))


if __name__ == "__main__":
    ended = measured()
    from tests.hostile.sending import sent, slowest

    print(f"{sent():,} requests")
    for label, milliseconds in slowest(20):
        print(f"{milliseconds:8.1f} ms  {label}")
    sys.exit(ended or slowest(1)[0][1] > BUDGET)
