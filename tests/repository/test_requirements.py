"""Locked requirements: pinned, hashed, from whatever index pip is set up with, and agreeing with each other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from local.ministack_patches import PINNED
from tests.repository.tree import ROOT

VENDOR = ROOT / "layers/vendor/requirements.txt"
LOCAL = ROOT / "requirements/local.txt"
DEV = ROOT / "requirements/dev.txt"
LOCKS = [VENDOR, *sorted(ROOT.glob("requirements/*.txt"))]
PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z0-9, ._-]+\])?==([^\s;]+)")


def requirements(lock: Path) -> list[str]:
    """One requirement with its hashes per text, comments left out."""
    joined = lock.read_text().replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def pins(lock: Path) -> set[tuple[str, str]]:
    return {match.groups() for match in map(PIN.match, requirements(lock)) if match}  # type: ignore[misc]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_requirement_is_pinned_and_hashed(lock: Path) -> None:
    loose = [line for line in requirements(lock) if not PIN.match(line) or "--hash=sha256:" not in line]
    assert loose == []
    assert requirements(lock)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_no_lock_names_an_index_or_a_place(lock: Path) -> None:
    assert re.findall(r"https?://|file:|--(?:extra-)?index-url|--find-links|--trusted-host", lock.read_text()) == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_lock_has_its_input(lock: Path) -> None:
    assert lock.with_suffix(".in").is_file()


@pytest.mark.parametrize(("smaller", "larger"), [(VENDOR, LOCAL), (LOCAL, DEV)], ids=["runtime-local", "local-dev"])
def test_what_runs_is_what_is_tested(smaller: Path, larger: Path) -> None:
    assert pins(smaller) - pins(larger) == set()


def test_the_runtime_stays_small() -> None:
    assert len(pins(VENDOR)) <= 25


def test_the_emulator_is_pinned_to_the_version_whose_private_names_are_patched() -> None:
    assert ("ministack", PINNED) in pins(LOCAL)
    assert f"ministack=={PINNED}" in LOCAL.with_suffix(".in").read_text().splitlines()
