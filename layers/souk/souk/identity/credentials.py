"""Credentials: what a request brings along, which records decide about it, and whose it is.

A secret is an API key or a JWT, told apart by its form; either may come in any place that a door reads. The places
are tried in a fixed order (`x-api-key`, `Authorization: Bearer`, the door's cookie) and the first valid one counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from souk.errors import Failed, NotAllowed, SoukError, Unauthenticated
from souk.identity import keys
from souk.identity.principal import Principal

if TYPE_CHECKING:
    from souk.edge.dialect import Dialect
    from souk.edge.request import Request
    from souk.work import Work

MAX_SECRET = 10_240
"""Characters of one credential. The gateway ends all headers together at this size."""
MAX_SECRETS = 4
"""How many secrets of one request are looked at; a client sends one, at most one for each place."""


@dataclass(frozen=True, slots=True)
class Credential:
    """The secrets of one request, in the order in which they are tried, and the door they came in by."""

    door: str
    secrets: tuple[str, ...] = field(repr=False)


def find(request: Request, dialect: Dialect) -> Credential | None:
    """What the request brings, unchecked, or None when it brings nothing that the door reads."""
    secrets = tuple(dict.fromkeys(secret for secret in _given(request, dialect) if secret))[:MAX_SECRETS]
    return Credential(dialect.name, secrets) if secrets else None


def keys_of(credential: Credential | None) -> list[str]:
    """Keys of the records that decide about the credential, to be read together with the request's own."""
    found: list[str] = []
    for secret in credential.secrets if credential else ():
        if _is_token(secret):
            from souk.identity import tokens

            found += tokens.keys_of(secret)
        elif keys.well_formed(secret):
            found.append(keys.key_of(secret))
    return found


def principal_of(credential: Credential | None, work: Work) -> Principal:
    """Whose credential it is. Raises Unauthenticated, NotAllowed (a key for another door), Failed (issuer is down)."""
    if credential is None:
        raise Unauthenticated("no credential was given")
    refusals: list[SoukError] = []
    for secret in credential.secrets:
        try:
            return _admitted(_principal(secret, work), credential.door)
        except (Unauthenticated, NotAllowed, Failed) as error:
            refusals.append(error)
    raise max(refusals, key=_telling)


def _given(request: Request, dialect: Dialect) -> Iterator[str]:
    if not dialect.bearer_only():
        yield request.headers.get("x-api-key", "").strip()
    scheme, _, value = request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer":
        yield value.strip()
    wanted = dialect.cookie_name()
    for cookie in request.cookies if wanted else ():
        name, _, value = cookie.strip().partition("=")
        if name == wanted:
            yield value.strip('" ')


def _is_token(secret: str) -> bool:
    return len(secret) <= MAX_SECRET and secret.count(".") == 2


def _principal(secret: str, work: Work) -> Principal:
    if _is_token(secret):
        from souk.identity import tokens

        return tokens.principal_of(secret, work)
    return keys.principal_of(secret, work)


def _admitted(principal: Principal, door: str) -> Principal:
    if not principal.may_enter(door):
        raise NotAllowed("this key does not open this door")
    return principal


def _telling(refusal: SoukError) -> int:
    """Of several refusals the one that says most is raised: try again, not allowed, unknown."""
    return 2 if isinstance(refusal, Failed) else 1 if isinstance(refusal, NotAllowed) else 0
