"""An HTTP server that answers as DynamoDB did: given answers, one behind the other, round and round.

`python -m benchmarks.canned` prints its port. `POST /answers` with a JSON list sets what is answered from then on.
It does no more than that, so what is measured against it is the client's work.
"""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Answer = dict[str, Any]
_CONTROL = b"POST /answers"


def wire(answer: Answer) -> bytes:
    """The bytes of an HTTP answer."""
    body = base64.b64decode(answer["body"])
    head = f"HTTP/1.1 {answer['status']} OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: {len(body)}"
    return head.encode() + b"\r\nx-amzn-requestid: 0\r\n\r\n" + body


class _Server:
    def __init__(self) -> None:
        self.answers = [wire({"status": 200, "body": "e30="})]
        self.at = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                break
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            body = await reader.readexactly(length)
            if head.startswith(_CONTROL):
                self.answers, self.at = [wire(one) for one in json.loads(body)], 0
                writer.write(wire({"status": 200, "body": "e30="}))
                continue
            writer.write(self.answers[self.at % len(self.answers)])
            self.at += 1
        writer.close()


async def _run() -> None:
    server = _Server()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, limit=8 << 20)
    print(listening.sockets[0].getsockname()[1], flush=True)
    await listening.serve_forever()


@contextmanager
def canned() -> Iterator[str]:
    """The server in a process of its own. Yields its URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.canned"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.terminate()
        process.wait(10)


def answer_with(url: str, answers: list[Answer]) -> None:
    """Let the server at this URL give these answers, beginning with the first."""
    request = urllib.request.Request(f"{url}/answers", json.dumps(answers).encode(), method="POST")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    opener.open(request, timeout=10).read()


if __name__ == "__main__":
    asyncio.run(_run())
