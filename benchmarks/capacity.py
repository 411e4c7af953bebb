"""P3 and P4: what each operation asks of AWS. `python -m benchmarks.capacity` writes the table to capacity.json.

Each recording is played once on an emulator, on warm clients. A test holds the table against what is measured, so
a change that makes an operation dearer shows in its own diff.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from benchmarks.meter import Asked, Meter
from benchmarks.stage import Event, handler_of
from benchmarks.stories import tell
from souk import clock
from souk.edge import known
from souk.identity import tokens
from souk.store import clients
from souk.store.dynamodb import DynamoStore
from souk.store.port import Store
from tests.engines import aws_at, dynamo_store, ministack

TABLE = Path(__file__).with_name("capacity.json")
Perform = Callable[[str, Event], dict[str, Any]]


class Played(NamedTuple):
    """One operation as it was played: its event, what it asked, and what it asks in a process that knows nobody yet."""

    name: str
    event: Event
    asked: Asked
    status: int
    first: Asked


@contextmanager
def surroundings(folder: Path, *, alike: bool = False) -> Iterator[None]:
    """The environment of a deployment that works on an emulator which runs already. `alike`: as in every other run."""
    settings = {
        "SOUK_SIGNING_KEY": f"file:{folder / 'signing.pem'}",
        "SOUK_STORE": "dynamodb",
        "POWERTOOLS_LOG_LEVEL": "ERROR",
        "SOUK_BUCKET": "",
        "SOUK_STATE_MACHINE_PUBLISH": "arn:aws:states:eu-west-1:000000000000:stateMachine:publish",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        if alike:
            repeatable(patch)
        try:
            yield
        finally:
            clients.forget()  # the meter hears those that were made here


def repeatable(patch: pytest.MonkeyPatch) -> None:
    """Ids and instants are the same in every run: how small a record is compressed hangs on them, and units on that."""
    drawn, passed = Random(20261110).randbytes, count()
    patch.setattr(os, "urandom", drawn)
    patch.setattr(random, "_urandom", drawn)
    begin = datetime(2026, 11, 10, 12, tzinfo=UTC)
    patch.setattr(clock, "now", lambda: begin + timedelta(microseconds=1013 * next(passed)))
    patch.setattr(tokens, "LEEWAY_SECONDS", 10**9)  # tokens are held against the machine's own clock


def play_all(folder: Path, *, alike: bool = True) -> list[Played]:
    """Every operation of every door, metered. An emulator must be there, by `tests.engines.aws_at`.

    What is answered again later, by the machine's own clock, must not be `alike`: its tokens would have ended.
    """
    meter, found = Meter(), []

    def make() -> Store:
        meter.listen()
        store = dynamo_store()
        assert isinstance(store, DynamoStore)
        os.environ["SOUK_BUCKET"] = store._tables.bucket
        return store

    def perform(name: str, event: Event) -> dict[str, Any]:
        first = None
        if event["requestContext"]["http"]["method"] == "GET" or name in WARM:
            known.forget_all()
            with meter.of() as first:
                handler_of(name)(event, None)  # what only a first call of a process does is no part of the table
        with meter.of() as asked:
            answer = handler_of(name)(event, None)
        found.append(Played(name, event, asked, answer["statusCode"], first or asked))
        return answer

    with surroundings(folder, alike=alike):
        tell(make, perform, lambda _: meter.note("stepfunctions.StartExecution"), meter.aside)
    return found


WARM = {"dpx/search_catalog", "dpx/search_assets"}
"""Reads by POST."""


def table_of(played: list[Played]) -> dict[str, Any]:
    """The table, by operation."""
    return {
        one.name: {
            "method": one.event["requestContext"]["http"]["method"],
            "calls": dict(sorted(one.asked.calls.items())),
            "status": one.status,
            "read": one.asked.read,
            "rru": one.asked.rru,
            "wru": one.asked.wru,
            "items": dict(sorted(one.asked.items.items())),
        }
        for one in sorted(played, key=lambda one: one.name)
    }


def measured() -> dict[str, Any]:
    """The table as it is now, on an emulator of its own."""
    with tempfile.TemporaryDirectory() as name, ministack(Path(name)) as endpoint, aws_at(endpoint):
        return table_of(play_all(Path(name)))


def render(table: dict[str, Any]) -> str:
    """The table as JSON, a line for each operation."""
    lines = (f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in table.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    text = render(measured())
    if "--show" in sys.argv:
        sys.stdout.write(text)
    else:
        TABLE.write_text(text)
