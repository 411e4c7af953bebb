"""Cross-origin requests, as API Gateway's HTTP API answers them where `CorsConfiguration` says so.

The gateway answers preflight requests itself, and sets the headers of every other answer; what a function says in
such headers is put aside. An origin that is not allowed gets its answer without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

Headers = list[tuple[bytes, bytes]]
_PREFIX = b"access-control-"
_WILD = {"http://*": "http://", "https://*": "https://"}


class Cors(NamedTuple):
    """What one HTTP API allows to pages of other origins. `max_age` is in seconds."""

    origins: tuple[str, ...]
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    max_age: int | None = None
    credentials: bool = False

    def preflight(self, method: str, asked: Headers) -> Headers | None:
        """The headers of the answer (204, empty) to a preflight request; None if the request is none."""
        if method != "OPTIONS" or _value(asked, b"access-control-request-method") is None:
            return None
        more = [("allow-methods", ",".join(self.methods)), ("allow-headers", ",".join(self.headers))]
        if self.max_age is not None:
            more.append(("max-age", str(self.max_age)))
        own = self._own(asked)
        return own + _named(more) if own else []

    def mark(self, asked: Headers, answered: Headers) -> Headers:
        """An answer's headers, with those that let the page of an allowed origin read it."""
        kept = [(name, value) for name, value in answered if not name.startswith(_PREFIX)]
        own = self._own(asked)
        return kept + own + (_named([("expose-headers", ",".join(self.exposed))]) if own else [])

    def _own(self, asked: Headers) -> Headers:
        origin = _value(asked, b"origin")
        if origin is None or not self._allows(origin):
            return []
        said = "*" if "*" in self.origins else origin
        return _named([("allow-origin", said), ("allow-credentials", "true" if self.credentials else "")])

    def _allows(self, origin: str) -> bool:
        return any(one in {origin, "*"} or origin.startswith(_WILD.get(one, "\0")) for one in self.origins)


def cors_of(properties: Mapping[str, Any]) -> Cors | None:
    """What an HTTP API of a template (its properties, resolved) allows; None where it says nothing."""
    given = properties.get("CorsConfiguration")
    if not isinstance(given, Mapping):
        return None
    return Cors(
        origins=tuple(given.get("AllowOrigins") or ()),
        methods=tuple(given.get("AllowMethods") or ()),
        headers=tuple(given.get("AllowHeaders") or ()),
        exposed=tuple(given.get("ExposeHeaders") or ()),
        max_age=int(given["MaxAge"]) if "MaxAge" in given else None,
        credentials=str(given.get("AllowCredentials", "")).lower() == "true",
    )


def _named(pairs: list[tuple[str, str]]) -> Headers:
    return [(_PREFIX + name.encode(), value.encode("latin-1")) for name, value in pairs if value]


def _value(headers: Headers, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in headers if key == name), None)
