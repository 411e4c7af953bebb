"""Load from a process of its own: closed-loop clients on kept connections, each sending the next request on an answer.

`python -m benchmarks.load HOST PORT` reads a JSON job on standard input and prints a JSON summary.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass
class Job:
    """`requests` are raw HTTP/1.1 texts, sent in turn by `clients` connections, `total` in all."""

    requests: list[str]
    clients: int
    total: int


@dataclass
class Summary:
    """Requests a second, and percentiles in milliseconds. `bad`: answers other than 2xx."""

    rate: float
    p50: float
    p99: float
    bad: int


def load(port: int, requests: list[str], total: int, clients: int = 8) -> Summary:
    """Send `total` requests from a second process. Blocks until they are answered."""
    job = Job(requests, clients, total)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", str(port)],
        input=json.dumps(asdict(job)),
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    return Summary(**json.loads(done.stdout))


def request(method: str, path: str, key: str, document: Any = None) -> str:
    """One request as it goes over the wire."""
    body = "" if document is None else json.dumps(document)
    head = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: {key}\r\n"
    if body:
        head += f"content-type: application/json\r\ncontent-length: {len(body.encode())}\r\n"
    return f"{head}\r\n{body}"


async def _client(port: int, queue: list[bytes], times: list[float], bad: list[int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while queue:
        message = queue.pop()
        began = time.perf_counter()
        writer.write(message)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        await reader.readexactly(length)
        times.append(time.perf_counter() - began)
        if head[9:10] != b"2":
            bad.append(1)
    writer.close()


async def _run(port: int, job: Job) -> Summary:
    messages = [text.encode() for text in job.requests]
    queue = [messages[n % len(messages)] for n in range(job.total)][::-1]
    times: list[float] = []
    bad: list[int] = []
    began = time.perf_counter()
    await asyncio.gather(*(_client(port, queue, times, bad) for _ in range(job.clients)))
    spent = time.perf_counter() - began
    times.sort()
    return Summary(
        rate=len(times) / spent,
        p50=times[len(times) // 2] * 1000,
        p99=times[int(len(times) * 0.99)] * 1000,
        bad=len(bad),
    )


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_run(int(sys.argv[1]), Job(**json.loads(sys.stdin.read())))))))
