"""A dialect: how one door recognises callers, words errors, and turns functions into operations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from souk.edge.call import Call
from souk.edge.request import Request
from souk.edge.response import Response
from souk.errors import SoukError
from souk.ids import record_key

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
Body = Callable[[Call], Response]
Reads = Callable[[Request], Iterable[str]]


def record_at(kind: str, parameter: str = "id") -> Reads:
    """Reads the record of this kind whose exact id stands in the path."""

    def keys(request: Request) -> Iterable[str]:
        return (record_key(kind, request.path_parameters.get(parameter, "")),)

    return keys


class Dialect(ABC):
    """One door. Subclasses live in `<dialect>/door.py` and hold no state."""

    name: str
    """The package's name, for logs and metrics."""
    public_operations: frozenset[str] = frozenset()
    """Operations that need no credential; a bad credential is ignored there."""
    leftovers: Mapping[str, str] = MappingProxyType({})
    """Beginnings of paths that only older clients know, and since when, as `Deprecation` has it (RFC 9745)."""

    @abstractmethod
    def refuse(self, error: SoukError, request: Request) -> Response:
        """The door's answer to an error, worded in its dialect. Never raises."""

    def bearer_only(self) -> bool:
        """True where only `Authorization: Bearer` counts. By default `x-api-key` is read too."""
        return False

    def cookie_name(self) -> str | None:
        """The cookie that may carry a token, if the door knows one."""
        return None

    def missing_credential_headers(self) -> Mapping[str, str]:
        """Headers for the answer to an unauthenticated call."""
        return {}

    def operation(
        self, name: str, *, reads: Reads | None = None, scope: str | None = None
    ) -> Callable[[Body], Handler]:
        """Make a function the handler of the operation `name` (its operationId).

        `reads` names record keys to fetch together with the credential; the first is the record that the
        answer's ETag and the request's If-Match speak of ("": no single record is). `scope` is what a limited key
        must hold; by default `read` for GET and `write` for the rest.
        """

        def decorate(body: Body) -> Handler:
            from souk.edge.runner import Operation

            return Operation(self, name, body, reads, scope)

        return decorate
