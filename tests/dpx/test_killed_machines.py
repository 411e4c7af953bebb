"""Each task of the state machines, killed and driven again (`killed_states.py`), in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.repository.tree import ROOT


def test_what_a_killed_machine_left_is_driven_to_its_end_once() -> None:
    states = Path(__file__).with_name("killed_states.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(states)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "31 passed" in done.stdout
