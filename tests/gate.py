"""All doors in one process, behind the gateway that the local run uses: its decoding, its routes, its limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from email.message import Message
from functools import cache
from importlib import import_module
from typing import Any

from local import gateway
from local.doors import door_of, routed_path
from local.gateway import Incoming, Outgoing
from local.routes import Match, Router
from local.templates import Application, read_application
from tests.doors.callers import Caller
from tests.repository.tree import ROOT
from tests.wire.raw import Answer

Headers = Mapping[str, str] | Iterable[tuple[str, str]]


@cache
def application() -> Application:
    """What the templates declare."""
    return read_application(ROOT / "template.yaml")


@cache
def router(door: str) -> Router:
    """The routes of one door."""
    return Router(one for one in application().functions if one.dialect == door)


def found(method: str, target: str) -> Match | None:
    """The function that a request reaches, None where the gateway answers by itself."""
    try:
        path = gateway.decode_path(target.partition("?")[0].encode("utf-8", "surrogateescape"))
    except gateway.BadPath:
        return None
    door = door_of(path, application().dialects())
    return router(door).match(method, routed_path(path, door)) if door else None


def operation(match: Match) -> str:
    """`door/operation` of a match."""
    door, _, module, _ = match.function.handler.split(".")
    return f"{door}/{module}"


def event_for(method: str, target: str, body: bytes = b"", headers: Headers = ()) -> tuple[Match, dict[str, Any]]:
    """What the gateway hands to which function."""
    place, _, query = target.partition("?")
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    raw = [(name.lower().encode("latin-1"), value.encode("utf-8", "surrogateescape")) for name, value in pairs]
    encoded = place.encode("utf-8", "surrogateescape")
    request = Incoming(method, encoded, query.encode("utf-8", "surrogateescape"), raw, body, "127.0.0.1")
    match = found(method, target)
    assert match is not None, target
    return match, gateway.event_of(request, gateway.decode_path(encoded), match, operation(match).split("/")[0])


def answered(method: str, target: str, body: bytes = b"", headers: Headers = ()) -> Outgoing:
    """The response, as the local run and the gateway would write it."""
    if len(body) > gateway.MAX_REQUEST:
        return gateway.TOO_LARGE
    if found(method, target) is None:
        return gateway.BAD_REQUEST
    match, event = event_for(method, target, body, headers)
    if gateway.too_large_for_a_function(event):
        return gateway.TOO_LARGE
    module = import_module(match.function.handler.rsplit(".", 1)[0])
    return gateway.response_of(module.handler(event, None), method)


class Guest(Caller):
    """A client without a server: every request goes through the gateway's code to the operation's handler."""

    def __init__(self, credential: str = "") -> None:
        super().__init__("http://souk.example", credential)
        self.headers |= {"host": "souk.example"}
        if not credential:
            del self.headers["authorization"]

    def send(
        self, method: str, target: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        outgoing = answered(method, target, body or b"", self.headers if headers is None else headers)
        told = Message()
        for name, value in outgoing.headers:
            told[name.decode()] = value.decode("latin-1")
        return Answer(outgoing.status, told, outgoing.body, f"{method} {target[:200]}")
