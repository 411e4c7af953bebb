"""What an operation gets: the request, who sent it, and the unit of work."""

from __future__ import annotations

from typing import Any

from souk import jsontext
from souk.edge.request import Request
from souk.edge.response import Response
from souk.identity.principal import Principal
from souk.work import Work

JSON = "application/json"


class Call:
    """One attempt at one request. A repeated attempt gets a new Call with a new Work."""

    def __init__(self, operation: str, request: Request, principal: Principal, work: Work) -> None:
        self.operation = operation
        self.request = request
        self.principal = principal
        self.work = work

    @property
    def path(self) -> dict[str, str]:
        """Path parameters, decoded."""
        return self.request.path_parameters

    @property
    def document(self) -> dict[str, Any]:
        """The body as a JSON object. Raises Unreadable, TooLarge."""
        return self.request.json_object

    def json(self, value: Any, status: int = 200, content_type: str = JSON, **headers: str) -> Response:
        """An answer with a JSON body. Header names are given with underscores."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return Response(status, jsontext.dump(value), {"content-type": content_type, **named})

    def text(self, value: str, status: int = 200, content_type: str = "text/plain; charset=utf-8") -> Response:
        """An answer with a text body."""
        return Response(status, value, {"content-type": content_type})

    def empty(self, status: int = 200) -> Response:
        """An answer without a body."""
        return Response(status)
