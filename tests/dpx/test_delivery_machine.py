"""The state machine of orders, each state failing once (`failing_deliveries.py`), in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.repository.tree import ROOT


def test_every_way_is_gone_and_every_failure_is_told() -> None:
    deliveries = Path(__file__).with_name("failing_deliveries.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(deliveries)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "12 passed" in done.stdout
