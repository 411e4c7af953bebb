"""What the build step does to the packages of the runtime."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import botocore
import pytest

from tests.repository.tree import ROOT

SERVICES = ["dynamodb", "events", "kms", "lakeformation", "s3", "sqs", "stepfunctions"]
PROGRAM = """
import json, sys
from botocore.session import Session
session = Session()
print(json.dumps({s: session.create_client(s, region_name="eu-central-1").meta.endpoint_url for s in sys.argv[1:]}))
"""


@pytest.fixture(scope="module")
def slim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with botocore as the layer holds it."""
    folder = tmp_path_factory.mktemp("layer")
    shutil.copytree(Path(botocore.__file__).parent, folder / "botocore")
    subprocess.run([sys.executable, ROOT / "layers/vendor/slim.py", folder / "botocore/data"], check=True)
    return folder


def endpoints(path: str) -> dict[str, str]:
    """Where the clients of all services that Souk calls would send their requests."""
    environment = {**os.environ, "PYTHONPATH": path, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    environment.pop("AWS_ENDPOINT_URL", None)
    command = [sys.executable, "-c", PROGRAM, *SERVICES]
    answer = subprocess.run(command, env=environment, capture_output=True, check=True)
    found: dict[str, str] = json.loads(answer.stdout)
    return found


def test_slim_botocore_makes_the_same_clients(slim: Path) -> None:
    assert endpoints(str(slim)) == endpoints("")


def test_slim_botocore_holds_no_other_models(slim: Path) -> None:
    assert sorted(path.name for path in (slim / "botocore/data").iterdir() if path.is_dir()) == SERVICES
