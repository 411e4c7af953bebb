"""What a function imports before its first answer decides how long a cold start takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.repository.tree import DIALECTS, ROOT, functions, routes

HEAVY = ["pydantic", "aws_lambda_powertools.event_handler", "aws_lambda_powertools.tracing", "moto", "local"]
PROGRAM = """
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps(sorted(sys.modules)))
"""


def imported(modules: list[str]) -> set[str]:
    """Names of all modules that a fresh interpreter holds after importing these."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'layers/souk'}:{ROOT / 'functions'}"}
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM, *modules],
        env=environment,
        cwd=ROOT / "functions",
        capture_output=True,
        check=True,
    )
    return set(json.loads(answer.stdout))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_read_imports_nothing_heavy(dialect: str) -> None:
    reads = [
        function["Handler"].removesuffix(".handler")
        for name, function in functions(dialect).items()
        if routes(dialect)[name][0] == "GET"
    ]
    assert reads
    assert imported(reads) & set(HEAVY) == set()
