"""What a request imports: an API key must not pay for tokens, and nothing here for models."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from tests.identity.doorway import Door, ask, bearer, whoami
from souk.identity import keys
from souk.store.connect import use
from souk.store.sqlite import SqliteStore
from souk.work import run

store = SqliteStore(":memory:")
use(store)
new = run(store, lambda work: keys.create(work, "pipeline"))
status, who = ask(whoami(Door()), headers={"x-api-key": new.secret})
assert (status, who["kind"]) == (200, "key"), who
heavy = {"jwt", "cryptography", "pydantic", "boto3", "botocore.client", "urllib.request", "souk.identity.tokens"}
print("heavy:" + ",".join(sorted(heavy.intersection(sys.modules))))
"""


def imported(program: str) -> str:
    path = [str(ROOT / "layers/souk"), str(ROOT / "functions"), str(ROOT)]
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"import sys; sys.path[:0] = {path!r}\n{program}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    (said,) = (line for line in run.stdout.splitlines() if line.startswith("heavy:"))
    return said.removeprefix("heavy:")


def test_a_request_with_an_api_key_imports_no_token_code() -> None:
    assert imported(PROGRAM) == ""


@pytest.mark.parametrize("operation", ["get_health", "get_docs", "get_open_api", "unknown_path", "get_key_set"])
def test_the_hubs_reads_import_nothing_heavy(operation: str) -> None:
    program = f"""
import hub.operations.{operation}
heavy = {{"jwt", "cryptography", "pydantic", "boto3", "botocore.client"}}
print("heavy:" + ",".join(sorted(heavy.intersection(sys.modules))))
"""
    assert imported(program) == ""
