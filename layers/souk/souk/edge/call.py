"""What an operation gets: the request, who sent it, and the unit of work."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from souk import jsontext
from souk.edge import idempotency
from souk.edge.request import Request
from souk.edge.response import Response
from souk.errors import Busy, Failed
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
        self.begun = False
        """An earlier request with the same `Idempotency-Key` came as far as `begin`, and was not answered."""
        self._repeat: idempotency.Token | None = None
        self._later: list[Callable[[], object]] = []

    def repeats(self, token: idempotency.Token) -> None:
        """The request carries this token."""
        self._repeat, self.begun = token, idempotency.has_begun(self.work, token)

    def begin(self) -> None:
        """Commit what is staged, as the beginning of what takes longer. A repeat of the request finds `begun` true."""
        if self._repeat is not None:
            idempotency.begin(self.work, self._repeat)
        self.work.commit()

    def afterwards(self, act: Callable[[], object]) -> None:
        """Do this once the work is committed, to hasten what the sweep does in any case."""
        self._later.append(act)

    def follow_up(self) -> None:
        """Do what is to be done after the commit. A service that fails is left to the sweep."""
        for act in self._later:
            with suppress(Busy, Failed):
                act()

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
