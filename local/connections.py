"""Connections of the local run: a request must arrive whole, within bounds of size and of time, as the gateway has it.

uvicorn alone would wait for a head or a body without end, and keep whatever a head holds.
"""

from __future__ import annotations

import asyncio
import json
import resource

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

MAX_HEAD = 64 * 1024
"""Bytes of a request's line and headers, and of what follows a body in pieces."""
MAX_SECONDS = 30.0
"""From a request's first byte to its last, and from a connection's beginning to its first request."""
_MAX_FILES = 65_536
_TEXTS = {408: "Request Timeout", 431: "Request Header Fields Too Large"}


class TooMuch(Exception):
    """The head is over its bound."""


class Connection(HttpToolsProtocol):
    """One client's connection."""

    cycle: RequestResponseCycle | None  # type: ignore[assignment]
    """Of the request whose head was whole last."""
    _due: asyncio.TimerHandle | None = None
    _held = 0
    """Bytes of the head that were told by the parser."""
    _fed = 0
    """Bytes that came since the last message began, while its head is not whole."""
    _in_head = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client came; it must ask for something soon."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._wait_no_longer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes came. A head that does not end is refused before it is whole."""
        super().data_received(data)
        if self._in_head:
            self._fed += len(data)
            if self._fed > MAX_HEAD:
                self._refuse(431)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._held = self._fed = 0
        self._in_head = True
        self._wait()

    def on_url(self, url: bytes) -> None:
        """A part of its target. Raises TooMuch, which ends in `send_400_response`."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or what follows a body in pieces. Raises TooMuch."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Its head is whole."""
        super().on_headers_complete()
        self._in_head = False

    def on_message_complete(self) -> None:
        """It is whole."""
        self._wait_no_longer()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What cannot be read, or was refused while it was read."""
        if self._held > MAX_HEAD:
            self._refuse(431)
        else:
            super().send_400_response(msg)

    def _count(self, size: int) -> None:
        self._held += size
        if self._held > MAX_HEAD:
            raise TooMuch

    def _wait(self) -> None:
        self._wait_no_longer()
        self._due = self.loop.call_later(MAX_SECONDS, self._too_late)

    def _wait_no_longer(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _too_late(self) -> None:
        # While an earlier request is answered, this one's client cannot help it.
        if self.flow.read_paused or (self._in_head and self._answering()):
            self._wait()
        else:
            self._refuse(408)

    def _answering(self) -> bool:
        """Whether the request before this one has no whole answer yet."""
        return self.cycle is not None and not self.cycle.response_complete

    def _refuse(self, status: int) -> None:
        """Say so, unless an answer has begun, and close."""
        if self.transport.is_closing():
            return
        begun = self._answering() if self._in_head else self.cycle is not None and self.cycle.response_started
        if not begun:
            body = json.dumps({"message": _TEXTS[status]}).encode()
            head = f"content-type: application/json\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
            self.transport.write(STATUS_LINE[status] + head.encode() + body)
        self.transport.close()


def allow_many() -> None:
    """Let this process hold as many connections as the system allows it to."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MAX_FILES if most == resource.RLIM_INFINITY else min(most, _MAX_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
