"""Leaves of botocore's service models only those that Souk calls.

botocore looks through some 400 folders and parses a megabyte of endpoints before its first client. What is not
there costs no cold start.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

MODELS = {"dynamodb", "events", "kms", "lakeformation", "s3", "sqs", "stepfunctions"}
ENDPOINTS = MODELS - {"stepfunctions"} | {"states"}


def slim(data: Path) -> None:
    """Cut down botocore's data folder in place. Raises FileNotFoundError when it is not laid out as expected."""
    missing = MODELS - {folder.name for folder in data.iterdir()}
    if missing:
        raise FileNotFoundError(f"botocore has no models of {', '.join(sorted(missing))}")
    for folder in data.iterdir():
        if folder.is_dir() and folder.name not in MODELS:
            shutil.rmtree(folder)
    endpoints = data / "endpoints.json"
    content = json.loads(endpoints.read_text())
    for partition in content["partitions"]:
        partition["services"] = {k: v for k, v in partition["services"].items() if k in ENDPOINTS}
    endpoints.write_text(json.dumps(content, separators=(",", ":")))


if __name__ == "__main__":
    slim(Path(sys.argv[1]))
