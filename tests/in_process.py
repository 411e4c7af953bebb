"""An HTTP client whose requests run the functions of the templates in this process, as the gateway would call them."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import httpx

from local import gateway
from local.doors import door_of, routed_path
from local.gateway import Incoming
from local.routes import Router
from local.templates import Function, read_application
from tests.repository.tree import ROOT

Invoke = Callable[[Function, dict[str, Any]], Any]


def call_here(function: Function, event: dict[str, Any]) -> Any:
    """What the function's handler returns."""
    module, _, name = function.handler.rpartition(".")
    return getattr(importlib.import_module(module), name)(event, None)


def client(invoke: Invoke = call_here) -> httpx.Client:
    """The client. `invoke` runs a function with an event."""
    application = read_application(ROOT / "template.yaml")
    doors = application.dialects()
    routers = {door: Router(one for one in application.functions if one.dialect == door) for door in doors}

    def answer(request: httpx.Request) -> httpx.Response:
        path = unquote(request.url.raw_path.decode().partition("?")[0])
        door = door_of(path, doors) or ""
        match = routers[door].match(request.method, routed_path(path, door))
        assert match is not None
        headers = [(name.lower(), value) for name, value in request.headers.raw]
        target = request.url.raw_path.partition(b"?")[0]
        incoming = Incoming(request.method, target, request.url.query, headers, request.read(), "127.0.0.1", 80, "1.1")
        event = gateway.event_of(incoming, path, match, door)
        out = gateway.response_of(invoke(match.function, event), request.method)
        return httpx.Response(out.status, headers=list(out.headers), content=out.body)

    return httpx.Client(base_url="http://souk.test", transport=httpx.MockTransport(answer))
