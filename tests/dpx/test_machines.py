"""The state machines of publish and initialize, each state failing once (`failing_states.py`).

They run in a process of their own: the emulator keeps what it holds for the life of its process.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.repository.tree import ROOT


def test_every_state_is_passed_and_every_failure_is_told() -> None:
    states = Path(__file__).with_name("failing_states.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(states)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "15 passed" in done.stdout
