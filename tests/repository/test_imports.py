"""What a function imports before its first answer decides how long a cold start takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.repository.tree import DIALECTS, ROOT, functions, routes

HEAVY = [
    *("aws_lambda_powertools.event_handler", "aws_xray_sdk", "boto3", "botocore.client"),
    *("pydantic", "cryptography", "jwt", "moto", "local"),
]
ASKS_MORE_THAN_THE_STORE = {"dpx.operations.get_s3_bucket_validation": ["botocore.client"]}
PROGRAM = """
import importlib, json, os, sys
from souk.identity import keys
from souk.store.connect import use
from souk.store.sqlite import SqliteStore
from souk.work import run

def modules(name, text):
    store = SqliteStore(":memory:")
    use(store)
    secret = run(store, lambda work: keys.create(work, "imports")).secret
    event = json.loads(text.replace("$SOUK_API_KEY", secret))
    importlib.import_module(name).handler(event, None)
    return sorted(sys.modules)

found = {}
for name, path in json.loads(sys.stdin.read()).items():
    ours, theirs = os.pipe()
    if os.fork() == 0:
        sys.stdout = open(os.devnull, "w")
        os.write(theirs, json.dumps([m for m in modules(name, open(path).read()) if m in sys.argv[1:]]).encode())
        os._exit(0)
    os.close(theirs)
    found[name] = json.loads(os.read(ours, 65536) or "null")
    os.wait()
print(json.dumps(found))
"""


def held_after(dialect: str) -> dict[str, list[str]]:
    """By operation that reads: which heavy modules a process holds that has answered its recorded invocation."""
    recorded = ROOT / "events" / dialect
    played = {
        function["Handler"].removesuffix(".handler"): str(recorded / f"{function['Handler'].split('.')[2]}.json")
        for name, function in functions(dialect).items()
        if routes(dialect)[name][0] == "GET"
    }
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'layers/souk'}:{ROOT / 'functions'}"}
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM, *HEAVY],
        env=environment,
        cwd=ROOT / "functions",
        input=json.dumps(played),
        text=True,
        capture_output=True,
        check=True,
    )
    found: dict[str, list[str]] = json.loads(answer.stdout)
    assert found.keys() == played.keys()
    return found


@pytest.mark.parametrize("dialect", [name for name in DIALECTS if (ROOT / "events" / name).exists()])
def test_reads_hold_nothing_heavy_when_they_have_answered(dialect: str) -> None:
    held = {name: modules for name, modules in held_after(dialect).items() if modules != []}
    assert held == {name: modules for name, modules in ASKS_MORE_THAN_THE_STORE.items() if name.startswith(dialect)}
