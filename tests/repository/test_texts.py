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


def test_every_decision_has_its_status_and_one_that_is_replaced_says_by_which() -> None:
    folder = ROOT / "docs/decisions"
    told = dict(
        re.findall(r"^\| \[(\d{4})\][^|]*\|[^|]*\| ([^|]+) \|$", (folder / "README.md").read_text(), re.MULTILINE)
    )
    assert sorted(told) == sorted(path.name[:4] for path in folder.glob("[0-9]*.md"))
    replaced = {
        (number, path.name[:4])
        for path in folder.glob("[0-9]*.md")
        for number in re.findall(r"[Rr]eplaces (?:two lines of|what) (\d{4})", path.read_text().replace("\n", " "))
    }
    assert {(number, by) for number, text in told.items() for by in re.findall(r"\d{4}", text)} == replaced


def test_the_architecture_names_every_reaction_and_kind_once() -> None:
    rows = re.findall(r"^\| (`?[\w.]+`?) \|", (ROOT / "docs/architecture.md").read_text(), re.MULTILINE)
    listed = [row for row in rows if "." in row or row.islower()]
    assert len(listed) > 30
    assert sorted(name for name in set(listed) if listed.count(name) > 1 and name not in {"entities", "outbox"}) == []


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
