"""Texts lead where they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.repository.tree import ROOT, sources

TEXTS = [path for pattern in ("*.md", "docs/**/*.md") for path in sorted(ROOT.glob(pattern))]


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEXTS, ids=relative)
def test_every_link_to_a_file_leads_to_one(path: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_list_of_decisions_is_complete() -> None:
    folder = ROOT / "docs/decisions"
    written = {path.name for path in folder.glob("[0-9]*.md")}
    assert set(re.findall(r"\]\(([0-9][^)]*\.md)\)", (folder / "README.md").read_text())) == written


def test_decisions_are_numbered_without_doubles() -> None:
    numbers = [path.name[:4] for path in sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_the_architecture_names_every_variable_that_code_reads() -> None:
    code = "".join(path.read_text() for path in sources("layers/souk", "functions"))
    read = set(re.findall(r"""environ(?:\.get\(|\[)"(SOUK_\w+)\"""", code))
    assert len(read) > 10
    assert read - set(re.findall(r"`(SOUK_\w+)`", (ROOT / "docs/architecture.md").read_text())) == set()


def test_the_architecture_names_every_kind_of_record() -> None:
    code = "".join(path.read_text() for path in sources("layers/souk"))
    kinds = set(re.findall(r"""^_?KIND = "(\w+)\"""", code, re.MULTILINE))
    assert len(kinds) > 10
    rows = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs/architecture.md").read_text(), re.MULTILINE)
    assert kinds - set(re.findall(r"\w+", " ".join(rows))) == set()
