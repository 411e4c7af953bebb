"""House rules about code that no linter knows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.repository.tree import ROOT, sources

CODE = list(sources("layers/souk", "functions", "local", "benchmarks"))
TESTS = list(sources("tests"))
MODULE_LINES = 300
OPERATION_LINES = 20
FUNCTION_LINES = 40
NAMELESS = {"app", "main", "utils", "util", "helpers", "helper", "common", "misc"}


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions_in(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def found(pattern: str, paths: list[Path]) -> list[str]:
    """`path:line` of every match."""
    compiled = re.compile(pattern)
    return [
        f"{relative(path)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if compiled.search(line)
    ]


def test_there_is_code_to_look_at() -> None:
    assert len(CODE) > 20


def test_modules_are_short() -> None:
    assert {relative(path): lines(path) for path in CODE + TESTS if lines(path) > MODULE_LINES} == {}


def test_operation_modules_are_a_handful_of_lines() -> None:
    operations = [path for path in CODE if path.parent.name == "operations" and path.parts[-4] == "functions"]
    assert {relative(path): lines(path) for path in operations if lines(path) > OPERATION_LINES} == {}


def test_functions_are_short() -> None:
    long = {
        f"{relative(path)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in CODE
        for node in functions_in(path)
        if (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES
    }
    assert long == {}


def test_modules_are_named_for_what_they_hold() -> None:
    assert [relative(path) for path in CODE + TESTS if path.stem in NAMELESS] == []


def test_the_core_knows_no_dialect_and_no_vendor() -> None:
    core = list(sources("layers/souk"))
    assert found(r"(?i)\b(nndm|dpx|immuta|nav|ibm|novo)\b", core) == []


def test_operation_modules_neither_catch_nor_build_documents() -> None:
    operations = list((ROOT / "functions").glob("*/operations/*.py"))
    assert (
        found(r"^\s*(try:|except\b|import (json|boto3|orjson)\b|from (json|boto3|orjson)\b|.*\blogger\.)", operations)
        == []
    )


def test_nothing_is_left_unfinished() -> None:
    assert found(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|NotImplemented" + "Error", CODE + TESTS) == []


@pytest.mark.parametrize("word", ["skip", "skipif", "xfail"])
def test_no_test_is_left_out(word: str) -> None:
    assert found(rf"pytest\.(mark\.)?{word}\b", TESTS) == []


def test_tests_poll_instead_of_sleeping() -> None:
    """Modules of tests; what runs and stops processes for them waits in small steps."""
    assert found(r"\btime\.sleep\(", [path for path in TESTS if path.stem.startswith("test_")]) == []


def test_no_text_speaks_of_one_machine() -> None:
    texts = [
        path
        for pattern in (
            "*.md",
            "*.toml",
            "*.yaml",
            "Makefile",
            "docs/**/*.md",
            "functions/**/*.yaml",
            "layers/**/*.py",
            "local/**/*.py",
        )
        for path in ROOT.glob(pattern)
    ]
    assert found(r"/(work|home|root|Users)/[a-z]", texts) == []
