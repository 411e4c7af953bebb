"""P8: the embedded run as users meet it, over HTTP, with load from a second process."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import side_by_side
from benchmarks.load import Summary, load, request
from benchmarks.table import Row
from tests.running import Running, start_souk

READS = 10_000
CREATES = 3_000
GROWN = 10_000
REQUESTS = 1_500
MEMORY_MB = 300


def rows() -> list[Row]:
    """Start a run of its own, measure it, stop it."""
    with tempfile.TemporaryDirectory() as folder:
        _compile(Path(folder))
        running = start_souk(Path(folder) / "state", SOUK_SAMPLES="false")
        try:
            return [*_measure(running), *side_by_side.rows(running, Path(folder), lambda name: product(name, 1))]
        finally:
            running.stop()


def _compile(folder: Path) -> None:
    """As `make run` leaves it: what a run imports is compiled when it is installed, not when it is measured."""
    start_souk(folder / "first", SOUK_SAMPLES="false", PYTHONDONTWRITEBYTECODE="").stop()


def _measure(running: Running) -> list[Row]:
    key = running.env["SOUK_API_KEY"]
    with running.client() as client:
        client.put("/api/teams/t", json={"id": "t", "name": "T", "type": "Domain Team"}).raise_for_status()
        client.put("/api/dataproducts/one", json=product("one", 2)).raise_for_status()
    _settled(running)
    ready = Row("P8", "ready after installation", f"{running.seconds:.1f} s", "< 3 s", running.seconds < 3)
    create = load(
        running.port,
        [request("PUT", f"/api/dataproducts/c{n}", key, product(f"c{n}", 1)) for n in range(CREATES)],
        CREATES,
    )
    _settled(running)
    read = load(running.port, [request("GET", "/api/dataproducts/one", key)], READS)
    ask = load(
        running.port,
        [request("PUT", f"/api/datausageagreements/a{n}", key, agreement(n)) for n in range(REQUESTS)],
        REQUESTS,
    )
    return [
        ready,
        _rate("read one product, 8 clients", read, 1000),
        Row("P8", "p99 of that read", f"{read.p99:.1f} ms", "< 30 ms", read.p99 < 30),
        _rate("create a product with its events, 8 clients", create, 400),
        _rate("request access, 8 clients", ask, 200),
        *_grown(running, key),
    ]


def _grown(running: Running, key: str) -> list[Row]:
    """What more products change."""
    _settled(running)
    small = _page(running, key)
    rest = [request("PUT", f"/api/dataproducts/g{n}", key, product(f"g{n}", 1)) for n in range(GROWN - CREATES)]
    load(running.port, rest, len(rest))
    memory = _memory(running.pid)
    _settled(running)
    times = _page(running, key) / small
    lag, page = _visible(running), f"list page of 1,000 at {GROWN:,} products against {CREATES:,}"
    return [
        Row("P8", page, f"{times:.2f}x", "<= 1.1x", times <= 1.1),
        Row("P6", "median time until the feed shows a write", f"{lag:.2f} s", "<= 0.5 s", lag <= 0.5),
        Row("P8", f"memory at {GROWN:,} products", f"{memory:.0f} MB", f"< {MEMORY_MB} MB", memory < MEMORY_MB),
    ]


def _settled(running: Running) -> None:
    """Behind the first answers a new run still imports functions, behind writes it tells their events. Measure what
    comes after.
    """
    last = 0.0
    while (now := side_by_side.cpu_of(running.pid)) - last > 0.1:
        last = now
        time.sleep(1)


def _visible(running: Running) -> float:
    """Seconds (median) from the answer to a write until the feed shows its event."""
    took = []
    with running.client() as client:
        after = ""
        for number in range(20):
            client.put("/api/teams/t", json={"id": "t", "name": f"T{number}", "type": "Domain Team"}).raise_for_status()
            began = time.monotonic()
            while not (events := client.get("/api/events", params={"lastEventId": after}).json()):
                time.sleep(0.01)
            took.append(time.monotonic() - began)
            after = events[-1]["id"]
            while more := client.get("/api/events", params={"lastEventId": after}).json():
                after = more[-1]["id"]
    return statistics.median(took[1:])


def _rate(what: str, found: Summary, floor: int) -> Row:
    measured = f"{found.rate:,.0f}/s, p50 {found.p50:.1f} ms, p99 {found.p99:.1f} ms, {found.bad} refused"
    return Row("P8", what, measured, f">= {floor:,}/s", found.rate >= floor and not found.bad)


def _page(running: Running, key: str) -> float:
    """Milliseconds (median) for the first page of a thousand."""
    return load(running.port, [request("GET", "/api/dataproducts?p=0", key)], 20, clients=1).p50


def _memory(pid: int) -> float:
    """Resident megabytes of the run."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def product(product_id: str, ports: int) -> dict[str, Any]:
    """A product of about 1 KB a port."""
    return {
        "id": product_id,
        "info": {"title": f"Product {product_id}", "owner": "t", "description": "Measured, not used. " * 10},
        "outputPorts": [
            {"id": f"port{n}", "name": f"Port {n}", "type": "postgres", "server": {"host": "db", "schema": "s"}}
            for n in range(ports)
        ],
    }


def agreement(number: int) -> dict[str, Any]:
    """A request of one user for the measured product."""
    return {
        "id": f"a{number}",
        "info": {"purpose": "Measuring", "startDate": "2026-01-01"},
        "provider": {"dataProductId": "one", "outputPortId": "port0"},
        "consumer": {"userId": f"user{number}@example.org"},
    }
