"""P1 and P2: every operation against the bare boto3 calls that it makes, in interleaved runs, by CPU time.

The calls and their answers are those of the capacity table's run; a canned server gives the answers again, so that
only the client's side counts.
"""

from __future__ import annotations

import os
import pickle
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from benchmarks import artefact
from benchmarks.canned import answer_with, canned
from benchmarks.capacity import Played, play_all, surroundings
from benchmarks.meter import Asked
from benchmarks.stage import handler_of
from benchmarks.table import Row
from souk.edge import known
from souk.store import clients
from souk.store.connect import use
from souk.store.dynamodb import DynamoStore
from tests.engines import aws_at, ministack

PROGRAM = Path(__file__).with_name("first_answer.py")
COLD = {"read": 0.90, "write": 1.30}
WARM = {"read": 1.15, "write": 1.25}
ROUNDS, TIMES = 8, 2
_SEARCH = "dpx/search_catalog"
"""Loads its index from S3 in a fresh process; measured as growth."""
AGAIN = 2
"""How many further times a first answer over its budget is measured; the median counts."""


class Ratio(NamedTuple):
    """An operation's CPU against that of its bare calls, both in milliseconds."""

    name: str
    kind: str
    own: float
    bare: float

    @property
    def times(self) -> float:
        """How many times the bare calls."""
        return self.own / self.bare


def measure() -> tuple[list[Ratio], list[Ratio]]:
    """First answers, and warm ones, of every operation that calls DynamoDB alone."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with ministack(folder) as endpoint, aws_at(endpoint):
            played = [one for one in play_all(folder, alike=False) if _plain(one)]
        with canned() as url, aws_at(url), surroundings(folder):
            warm = [_warm(one, url) for one in played]
            cold = _cold(played, url, folder)
    return cold, warm


def rows(cold: list[Ratio], warm: list[Ratio]) -> list[Row]:
    """The worst operation and the median of each kind."""
    found = []
    for budget, what, ratios, allowed in (("P1", "first answer", cold, COLD), ("P2", "warm", warm, WARM)):
        for kind in ("read", "write"):
            mine = sorted((one for one in ratios if one.kind == kind), key=lambda one: one.times)
            over = sum(one.times > allowed[kind] for one in mine)
            middle, worst = statistics.median(one.times for one in mine), mine[-1]
            measured = f"median {middle:.2f}x, worst {worst.times:.2f}x ({worst.name}); {over} of {len(mine)} over"
            found.append(Row(budget, f"{what}, {kind}s", measured, f"<= {allowed[kind]:.2f}x", not over))
    return found


def _plain(one: Played) -> bool:
    """Calls DynamoDB, and nothing else; what also asks other services is not a matter of these budgets."""
    return (
        one.name != _SEARCH
        and bool(one.asked.exchanges)
        and all(name.startswith("dynamodb.") for name in one.asked.calls)
    )


def _kind(one: Played) -> str:
    return "write" if one.asked.wru else "read"


def _calls(asked: Asked) -> list[tuple[str, dict[str, Any]]]:
    """The client's methods and their parameters."""
    return [(_snake(call["operation"]), call["params"]) for call in asked.exchanges]


def _answers(asked: Asked) -> list[dict[str, Any]]:
    return [call["answer"] for call in asked.exchanges]


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _tables(one: Played) -> DynamoStore:
    """A store on the tables that the operation was played on."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _environment(one).items():
            patch.setenv(name, value)
        return DynamoStore.from_environment()


def _environment(one: Played) -> dict[str, str]:
    unique = next(iter(re.findall(r"'(?:entities|outbox|log)-([0-9a-f]{12})'", repr(one.asked.exchanges))))
    names = {f"SOUK_{part.upper()}_TABLE": f"{part}-{unique}" for part in ("entities", "outbox", "log")}
    return names | {"SOUK_BUCKET": f"bucket-{unique}"}


def _warm(one: Played, url: str) -> Ratio:
    import boto3

    clients.forget()
    use(_tables(one))
    handler, client, calls = handler_of(one.name), boto3.client("dynamodb"), _calls(one.asked)

    def own() -> None:
        answer = handler(one.event, None)
        assert answer["statusCode"] == one.status, (one.name, answer)

    def bare() -> None:
        for method, parameters in calls:
            getattr(client, method)(**parameters)

    known.forget_all()
    answer_with(url, _answers(one.first))
    handler(one.event, None)  # from here on the caller is known
    answer_with(url, _answers(one.asked))
    spent: dict[Callable[[], None], list[float]] = {own: [], bare: []}
    for number in range(ROUNDS + 1):
        for action, times in spent.items():
            took = _cpu(action)
            if number:  # the first round warms up
                times.append(took)
    use(None)
    return Ratio(one.name, _kind(one), min(spent[own]), min(spent[bare]))


def _cpu(action: Callable[[], None]) -> float:
    """Milliseconds of CPU for one time, of several."""
    before = time.process_time()
    for _ in range(TIMES):
        action()
    return 1000 * (time.process_time() - before) / TIMES


def _cold(played: Iterable[Played], url: str, folder: Path) -> list[Ratio]:
    path = os.pathsep.join(artefact.build(folder / "artefact"))
    found = []
    for one in played:
        job = folder / "job.pickle"
        job.write_bytes(
            pickle.dumps({"name": one.name, "event": one.event, "status": one.status, "calls": _calls(one.first)})
        )
        ratio = _fresh(one, url, job, path)
        if ratio.times > (COLD[ratio.kind]):
            again = [ratio, *(_fresh(one, url, job, path) for _ in range(AGAIN))]
            ratio = sorted(again, key=lambda each: each.times)[len(again) // 2]
        found.append(ratio)
    return found


def _fresh(one: Played, url: str, job: Path, path: str) -> Ratio:
    answer_with(url, _answers(one.first))
    bare = _process("bare", job, {"PYTHONPATH": ""})
    answer_with(url, _answers(one.first))
    own = _process("handler", job, {"PYTHONPATH": path, **_environment(one)})
    return Ratio(one.name, _kind(one), own, bare)


def _process(what: str, job: Path, environment: dict[str, str]) -> float:
    done = subprocess.run(
        [sys.executable, PROGRAM, what, job],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.findall(r"^milliseconds ([0-9.]+)$", done.stderr, re.MULTILINE)
    if not found:
        raise RuntimeError(done.stderr)
    return float(found[0])
