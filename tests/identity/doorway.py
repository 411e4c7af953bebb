"""A small door for the tests, and requests to it as the gateway hands them over."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from souk.edge.call import Call
from souk.edge.dialect import Dialect, Handler
from souk.edge.request import Request
from souk.edge.response import Response
from souk.edge.runner import json_answer
from souk.errors import Failed, NotAllowed, SoukError, Unauthenticated

STATUS: dict[type[SoukError], int] = {Unauthenticated: 401, NotAllowed: 403, Failed: 503}


@dataclass
class Door(Dialect):
    """Reads every place that is asked for, and tells who came in."""

    name: str = "front"
    bearer: bool = False
    cookie: str | None = None
    public_operations: frozenset[str] = field(default_factory=frozenset)

    def bearer_only(self) -> bool:
        return self.bearer

    def cookie_name(self) -> str | None:
        return self.cookie

    def refuse(self, error: SoukError, request: Request) -> Response:
        return json_answer({"message": error.message}, STATUS.get(type(error), 500))


def whoami(door: Door, *, scope: str | None = None) -> Handler:
    """An operation that answers the principal."""

    @door.operation("whoAmI", scope=scope)
    def handler(call: Call) -> Response:
        who = call.principal
        return call.json(
            {
                "kind": who.kind,
                "id": who.id,
                "name": who.name,
                "email": who.email,
                "teams": sorted(who.teams),
                "permissions": sorted(who.permissions),
                "domains": sorted(who.managed_domains),
            }
        )

    return handler


def event(
    method: str = "GET",
    path: str = "/me",
    headers: dict[str, str] | None = None,
    cookies: list[str] | None = None,
    body: str | None = None,
    parameters: dict[str, str] | None = None,
) -> dict[str, Any]:
    """One request in the gateway's payload format 2.0."""
    return {
        "version": "2.0",
        "rawPath": path,
        "headers": headers or {},
        "cookies": cookies or [],
        "pathParameters": parameters or {},
        "requestContext": {"http": {"method": method, "path": path}, "requestId": "request-1"},
        "body": body,
    }


def ask(handler: Handler, **request: Any) -> tuple[int, Any]:
    """Status and JSON body of the answer."""
    answer = handler(event(**request), None)
    return answer["statusCode"], json.loads(answer["body"])


def bearer(secret: str) -> dict[str, str]:
    """The usual header."""
    return {"authorization": f"Bearer {secret}"}
