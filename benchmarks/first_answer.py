"""P1: CPU that a fresh process spends until its first answer. Run as a program, with as little imported as can be.

`first_answer.py handler FILE` imports an operation and answers one event; `first_answer.py bare FILE` makes the same
calls by `boto3.client("dynamodb")`. Prints milliseconds. FILE is pickled, so that reading it imports nothing.
"""

from __future__ import annotations

import pickle
import sys
import time


def _handler(job: dict[str, object]) -> None:
    import importlib

    door, operation = str(job["name"]).split("/")
    answer = importlib.import_module(f"{door}.operations.{operation}").handler(job["event"], None)
    if answer["statusCode"] != job["status"]:
        raise SystemExit(f"{job['name']} answered {answer}")


def _bare(job: dict[str, object]) -> None:
    import boto3

    client = boto3.client("dynamodb")
    for method, parameters in job["calls"]:  # type: ignore[attr-defined]
        getattr(client, method)(**parameters)


if __name__ == "__main__":
    with open(sys.argv[2], "rb") as _file:  # noqa: PTH123 - pathlib is an import
        _job = pickle.load(_file)
    _before = time.process_time()
    {"handler": _handler, "bare": _bare}[sys.argv[1]](_job)
    sys.stderr.write(f"\nmilliseconds {1000 * (time.process_time() - _before):.3f}\n")
