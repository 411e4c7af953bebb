"""Runs handlers of the built artefact: a line of JSON in (`handler`, `event`), a line out (`answer` or `error`).

The packages of the runtime are built for Lambda's processor; here this machine's own stand in for them.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any

from moto import mock_aws


def run(handler: str, event: Any) -> dict[str, Any]:
    module, _, name = handler.rpartition(".")
    try:
        loaded = importlib.import_module(module)
        if not str(loaded.__file__).startswith(os.environ["BUILT"]):
            return {"error": f"{loaded.__file__} is not the built one"}
        return {"answer": getattr(loaded, name)(event, None)}
    except Exception as error:  # noqa: BLE001 - told to the one who asked
        kinds = [kind.__module__ + "." + kind.__name__ for kind in type(error).__mro__]
        return {"error": f"{type(error).__name__}: {error}", "kinds": kinds}


def main() -> None:
    import boto3

    out, sys.stdout = sys.stdout, sys.stderr
    with mock_aws():
        place: Any = {"LocationConstraint": os.environ["AWS_DEFAULT_REGION"]}
        boto3.client("s3").create_bucket(Bucket=os.environ["SOUK_BUCKET"], CreateBucketConfiguration=place)
        boto3.client("events").create_event_bus(Name=os.environ["SOUK_BUS"])
        for line in sys.stdin:
            asked = json.loads(line)
            out.write(json.dumps(run(asked["handler"], asked["event"]), default=str) + "\n")
            out.flush()


if __name__ == "__main__":
    main()
