"""The HTTP front: every door under one base URL, behaving as API Gateway's HTTP API does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

from local import gateway
from local.doors import door_of, routed_path
from local.executor import Executor
from local.gateway import Incoming, Outgoing
from local.routes import Router
from local.templates import Application

if TYPE_CHECKING:
    import uvicorn

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
HEALTH = "/health"


class Front:
    """The ASGI application. Everything answers 503 until `open` is set, `/health` until `ready` is set.

    `after_write` is called after each request that may have changed something, so that streams are read at once.
    """

    def __init__(
        self, application: Application, executor: Executor, after_write: Callable[[], None] = lambda: None
    ) -> None:
        self.open = False
        self.ready = False
        self._executor = executor
        self._after_write = after_write
        self._doors = application.dialects()
        self._cors = application.cors
        self._routers = {
            door: Router(function for function in application.functions if function.dialect == door)
            for door in self._doors
        }

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            return
        try:
            response = await self._answer(scope, receive)
        except _Gone:
            return
        await _write(send, response)

    async def _answer(self, scope: Message, receive: Receive) -> Outgoing:
        body = await _read(scope, receive)
        if body is None:
            return gateway.TOO_LARGE
        request = Incoming(
            scope["method"],
            scope["raw_path"],
            scope["query_string"],
            scope["headers"],
            body,
            scope["client"][0] if scope["client"] else "127.0.0.1",
            scope["server"][1] if scope["server"] else 80,
            scope["http_version"],
        )
        response = await self.answer(request)
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            self._after_write()
        return response

    async def answer(self, request: Incoming) -> Outgoing:
        """The response to a request."""
        try:
            path = gateway.decode_path(request.target)
        except gateway.BadPath:
            return gateway.BAD_REQUEST
        if not self.open or (path == HEALTH and not self.ready):
            return gateway.UNAVAILABLE
        door = door_of(path, self._doors)
        cors = self._cors.get(door) if door else None
        if cors is None:
            return await self._of_door(request, path, door)
        preflight = cors.preflight(request.method, request.headers)
        if preflight is not None:
            return Outgoing(204, preflight, b"")
        response = await self._of_door(request, path, door)
        return response._replace(headers=cors.mark(request.headers, response.headers))

    async def _of_door(self, request: Incoming, path: str, door: str | None) -> Outgoing:
        match = self._routers[door].match(request.method, routed_path(path, door)) if door else None
        if door is None or match is None:
            return gateway.NOT_FOUND
        event = gateway.event_of(request, path, match, door)
        if gateway.too_large_for_a_function(event):
            return gateway.TOO_LARGE
        try:
            outcome = await self._executor.answer(match.function, event, gateway.seconds_for(match.function.timeout))
        except TimeoutError:
            return gateway.UNAVAILABLE
        if outcome.error:
            return gateway.FAILED
        return gateway.response_of(outcome.value, request.method)


def server_of(front: Front) -> uvicorn.Server:
    """The server that a run uses. `run([socket])` serves until `should_exit`."""
    import uvicorn

    from local.connections import Connection

    config = uvicorn.Config(
        front,
        http=Connection,
        loop="uvloop",
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=3,
    )
    return uvicorn.Server(config)


class _Gone(Exception):
    """The client went away before its request was read."""


async def _read(scope: Message, receive: Receive) -> bytes | None:
    """The request's body, or None when it is over the gateway's limit."""
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if length.isdigit() and int(length) > gateway.MAX_REQUEST:
        return None
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > gateway.MAX_REQUEST:
            return None
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def _write(send: Send, response: Outgoing) -> None:
    headers = [
        *response.headers,
        (b"content-length", str(len(response.body)).encode()),
        (b"apigw-requestid", gateway.request_id().encode()),
    ]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})
