"""CPU of a request to Souk against the same request to a plain service, in one interleaved run."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.load import load, request
from benchmarks.plain import KEY
from benchmarks.table import Row
from tests.running import Running, eventually, free_port

ROUNDS = 4
READS, WRITES = 800, 300
TICKS = os.sysconf("SC_CLK_TCK")


class Served(NamedTuple):
    """A service that runs: its process, its port, and how a request to it is written."""

    pid: int
    port: int
    write: Callable[[str, str, Any], str]


@contextmanager
def plain(folder: Path) -> Iterator[Served]:
    """The plain service in a process of its own."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.plain", str(port), str(folder / "plain.db")],
        cwd=Path(__file__).parent.parent,
    )
    try:
        eventually(lambda: _listens(port))
        yield Served(process.pid, port, lambda method, name, body: request(method, f"/products/{name}", KEY, body))
    finally:
        process.terminate()
        process.wait(10)


def rows(running: Running, folder: Path, document: Callable[[str], Any]) -> list[Row]:
    """One read and one write of the same document, in turns. `document` makes one of an id."""
    key = running.env["SOUK_API_KEY"]
    own = Served(
        running.pid, running.port, lambda verb, name, body: request(verb, f"/api/dataproducts/{name}", key, body)
    )
    with plain(folder) as other:
        spent: dict[str, list[tuple[float, float]]] = {"read": [], "write": []}
        for number in range(ROUNDS + 1):
            pair = [_round(one, document, number) for one in (own, other)]
            if number:  # the first round warms both up
                for at, kind in enumerate(spent):
                    spent[kind].append((pair[0][at], pair[1][at]))
    return [_row(kind, pairs) for kind, pairs in spent.items()]


def _round(one: Served, document: Callable[[str], Any], number: int) -> tuple[float, float]:
    """Milliseconds of CPU for a read and for a write."""
    names = [f"side{number}-{each}" for each in range(WRITES)]
    write = _spent(one, [one.write("PUT", name, document(name)) for name in names], WRITES)
    return _spent(one, [one.write("GET", names[0], None)], READS), write


def _spent(one: Served, requests: list[str], total: int) -> float:
    before = cpu_of(one.pid)
    done = load(one.port, requests, total)
    _settle(one.pid)
    assert not done.bad, f"{done.bad} requests were refused"
    return 1000 * (cpu_of(one.pid) - before) / total


def _settle(pid: int) -> None:
    """Wait until what a write leaves to be done later is done: events on their way count as its work."""
    last, until = cpu_of(pid), time.monotonic() + 10
    while time.monotonic() < until:
        time.sleep(0.3)
        now = cpu_of(pid)
        if now - last < 0.02:
            return
        last = now


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _row(kind: str, pairs: list[tuple[float, float]]) -> Row:
    own, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    measured = f"{own:.2f} ms of CPU against {other:.2f} ms: {own / other:.1f}x"
    return Row("side", f"one {kind}, Souk against plain FastAPI + SQLite", measured, "told", True)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
