"""A relay between a program and Souk that passes everything on unchanged and remembers it."""

from __future__ import annotations

import http.client
import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Exchange:
    """One request and the status of its answer."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    status: int

    def json(self) -> Any:
        """The request's body."""
        return json.loads(self.body)

    @property
    def line(self) -> str:
        """`PUT /api/teams/x 200`."""
        return f"{self.method} {self.target} {self.status}"


class Relay:
    """Serves on a free port of 127.0.0.1 until closed."""

    def __init__(self, url: str) -> None:
        target = urlsplit(url)
        self.exchanges: list[Exchange] = []
        exchanges = self.exchanges

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def pass_on(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                onward = http.client.HTTPConnection(str(target.hostname), target.port, timeout=60)
                onward.request(self.command, self.path, body or None, {k: v for k, v in headers.items() if k != "host"})
                answer = onward.getresponse()
                held = answer.read()
                onward.close()
                exchanges.append(Exchange(self.command, self.path, headers, body, answer.status))
                self.send_response_only(answer.status)
                for name, value in answer.getheaders():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(held)

            do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = do_HEAD = pass_on  # noqa: N815 - names of the standard library

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="relay", daemon=True)
        self._thread.start()

    def lines(self) -> list[str]:
        """What was asked and answered, in order."""
        return [exchange.line for exchange in self.exchanges]

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
