"""Commands that texts tell can be typed: there is such a command with such options, such a target, such a module."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from local.cli import app
from tests.repository.tree import ROOT

TEXTS = [path for pattern in ("*.md", "docs/*.md", "benchmarks/*.md") for path in sorted(ROOT.glob(pattern))]
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def commands(text: str) -> Iterator[str]:
    """What stands in code: between backticks, and each line of a fenced block."""
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from block.splitlines()
    yield from re.findall(r"`([^`]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def told(pattern: str) -> list[tuple[Path, str]]:
    """Text and the rest of each command that begins so."""
    found = []
    for path in TEXTS:
        for command in commands(path.read_text()):
            found += [(path, rest) for rest in re.findall(pattern, command.replace("\n", " "))]
    return found


def wrong(words: list[str]) -> list[str]:
    """Words that no command of `souk` has."""
    command: Any = typer.main.get_command(app)
    while words and hasattr(command, "commands"):
        word, *words = words
        if word.startswith("-"):
            return [] if word == "--help" else [word]
        if word not in command.commands:
            return [word]
        command = command.commands[word]
    known = {option for one in getattr(command, "params", []) for option in one.opts} | {"--help"}
    return [word for word in words if re.match(r"-{1,2}[a-z]", word) and word.partition("=")[0] not in known]


def test_every_souk_command_that_is_told_is_there() -> None:
    found = told(r"^(?:.*&& )?(?:\.venv/bin/)?souk ((?:[a-z]+|--help)\b.*)")
    bad = [(path.name, rest, wrong(re.sub(r"[\[\]()]", " ", rest).partition("#")[0].split())) for path, rest in found]
    assert [one for one in bad if one[2]] == []
    assert len(found) > 40


def test_every_target_of_make_that_is_told_is_there() -> None:
    found = told(r"\bmake ((?:[a-z]+ ?)+)")
    assert {target for _, rest in found for target in rest.split()[:1]} - TARGETS == set()
    assert len(found) > 20


@pytest.mark.parametrize("module", sorted({rest for _, rest in told(r"python -m ([\w.]+)")} - {"venv", "pip"}))
def test_every_module_that_is_told_can_be_run(module: str) -> None:
    found = importlib.util.find_spec(module)
    assert found is not None
    assert found.submodule_search_locations is None or importlib.util.find_spec(f"{module}.__main__") is not None
