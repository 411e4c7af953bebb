"""P8: the embedded run as users meet it, over HTTP, with load from a second process."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

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
        running = start_souk(Path(folder) / "state", SOUK_SAMPLES="false")
        try:
            return _measure(running)
        finally:
            running.stop()


def _measure(running: Running) -> list[Row]:
    key = running.env["SOUK_API_KEY"]
    with running.client() as client:
        client.put("/api/teams/t", json={"id": "t", "name": "T", "type": "Domain Team"}).raise_for_status()
        client.put("/api/dataproducts/one", json=product("one", 2)).raise_for_status()
    ready = Row("P8", "ready after installation", f"{running.seconds:.1f} s", "< 3 s", running.seconds < 3)
    create = load(
        running.port,
        [request("PUT", f"/api/dataproducts/c{n}", key, product(f"c{n}", 1)) for n in range(CREATES)],
        CREATES,
    )
    read = load(running.port, [request("GET", "/api/dataproducts/one", key)], READS)
    ask = load(
        running.port,
        [request("PUT", f"/api/datausageagreements/a{n}", key, agreement(n)) for n in range(REQUESTS)],
        REQUESTS,
    )
    small = _page(running, key)
    rest = [request("PUT", f"/api/dataproducts/g{n}", key, product(f"g{n}", 1)) for n in range(GROWN - CREATES)]
    load(running.port, rest, len(rest))
    grown = _page(running, key)
    memory = _memory(running.pid)
    return [
        ready,
        _rate("read one product, 8 clients", read, 1000),
        Row("P8", "p99 of that read", f"{read.p99:.1f} ms", "< 30 ms", read.p99 < 30),
        _rate("create a product with its events, 8 clients", create, 400),
        _rate("request access, 8 clients", ask, 200),
        Row(
            "P8",
            f"list page of 1,000 at {GROWN:,} products against {CREATES:,}",
            f"{grown / small:.2f}x",
            "<= 1.1x",
            grown <= 1.1 * small,
        ),
        Row("P8", f"memory at {GROWN:,} products", f"{memory:.0f} MB", f"< {MEMORY_MB} MB", memory < MEMORY_MB),
    ]


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
