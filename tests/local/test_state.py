"""The state folder: its lock, its small files, starting over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local.state import InUse, State, WrongEngine, write_whole

HOLD = """
import sys
from pathlib import Path
from local.state import State
with State(Path(sys.argv[1])).locked():
    print("held", flush=True)
    sys.stdin.read()
"""
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state")


def holder(state: State) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(state.root)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_second_holder_is_refused_and_told_who_holds(state: State) -> None:
    with holder(state) as process:
        assert state.is_locked()
        with pytest.raises(InUse, match=str(process.pid)), state.locked():
            pass
        with pytest.raises(InUse):
            state.reset()
        process.communicate("")
    assert not state.is_locked()


def test_lock_ends_with_a_killed_process(state: State) -> None:
    with holder(state) as process:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    with state.locked():
        assert state.is_locked()


def test_state_belongs_to_the_engine_that_made_it(state: State) -> None:
    with state.locked():
        state.fix_engine("embedded")
        state.fix_engine("embedded")
        with pytest.raises(WrongEngine, match="ENGINE=embedded"):
            state.fix_engine("aws")


def test_reset_forgets_everything(state: State) -> None:
    assert state.reset() is False
    with state.locked():
        state.remember("engine", "aws")
        state.database.write_text("x")
        (state.engine_data / "s3").mkdir(parents=True)
    assert state.reset() is True
    assert state.fact("engine") is None
    assert [entry.name for entry in state.root.iterdir()] == ["lock"]


def test_announcement_ends_with_the_run(state: State) -> None:
    with state.locked():
        state.announce({"url": "http://127.0.0.1:1"})
        assert state.running() == {"url": "http://127.0.0.1:1"}
    assert state.running() == {}


def test_small_files_are_replaced_whole_and_only_for_the_owner(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, "old")
    write_whole(path, "new")
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_broken_small_file_counts_as_empty(state: State) -> None:
    with state.locked():
        (state.root / "facts.json").write_text("{")
        assert state.fact("engine") is None
