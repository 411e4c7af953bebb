"""Souk as a token issuer: for API keys (the exchange) and for people of a local run.

A public key is published in the store before its first token goes out, so verifying needs the store and nothing else.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import orjson

from souk.errors import Unauthenticated
from souk.identity import key_sets, keys
from souk.identity.tokens import KEY_CLAIM
from souk.signing.port import Signer
from souk.work import Work

EXCHANGE_LIFETIME = timedelta(hours=1)
RETIRE_AFTER = timedelta(hours=24)
"""How long a former signing key still verifies. No token lives longer."""


class Issued(NamedTuple):
    """A token, its lifetime in seconds, and its end in unix seconds."""

    token: str
    lifetime: int
    expires: int


def issue(work: Work, claims: dict[str, Any], lifetime: timedelta, signer: Signer | None = None) -> Issued:
    """A signed token with these claims (such as sub, email, name, groups, roles), valid from now for `lifetime`.

    Issuer, audience, instants and a token id are added. Stages the public key if it is new: commit before handing
    the token out. Raises Failed when the signing key cannot be used, ValueError beyond a day.
    """
    if not timedelta(0) < lifetime <= RETIRE_AFTER:
        raise ValueError("a token lives a day at most")
    signer = signer or _signer()
    public = publish(work, signer)
    start, seconds = int(work.now.timestamp()), int(lifetime.total_seconds())
    name = key_sets.own_issuer()
    standard = {"iss": name, "aud": name, "iat": start, "exp": start + seconds, "jti": str(uuid4())}
    header = {"alg": "ES256", "kid": public["kid"], "typ": "JWT"}
    message = f"{_part(header)}.{_part({**claims, **standard})}"
    return Issued(f"{message}.{_text(signer.sign(message.encode()))}", seconds, start + seconds)


def exchange(work: Work, secret: str, signer: Signer | None = None) -> Issued:
    """A token of one hour for an API key; it ends earlier if the secret does. Raises Unauthenticated, Failed."""
    if not keys.well_formed(secret):
        raise Unauthenticated("this API key is not valid")
    record_key = keys.key_of(secret)
    work.fetch((record_key, key_sets.own_key()))
    principal = keys.principal_of(secret, work)
    return issue(work, {"sub": principal.id, "name": principal.name, KEY_CLAIM: record_key}, EXCHANGE_LIFETIME, signer)


def publish(work: Work, signer: Signer | None = None) -> dict[str, str]:
    """Stage the signer's public key in Souk's key set, unless it stands there already. Former keys get an end."""
    public = (signer or _signer()).public_jwk()
    record = work.at(key_sets.own_key())
    entries: list[dict[str, Any]] = record.body["card"]["keys"] if record else []
    current = [entry for entry in entries if entry["jwk"]["kid"] == public["kid"] and entry["until"] is None]
    if not current:
        now = work.now.timestamp()
        end = int(now + RETIRE_AFTER.total_seconds())
        former = [{**entry, "until": entry["until"] or end} for entry in entries if (entry["until"] or end) > now]
        kept = [entry for entry in former if entry["jwk"]["kid"] != public["kid"]]
        body = {"card": {"keys": [{"jwk": public, "until": None}, *kept]}}
        work.save(key_sets.KIND, key_sets.own_issuer(), body, listed=False)
    return public


def key_set(work: Work) -> dict[str, Any]:
    """Souk's public keys as a JWK set; empty before the first token."""
    return {"keys": key_sets.own_keys(work)}


def _signer() -> Signer:
    from souk.signing.connect import connect

    return connect()


def _part(value: dict[str, Any]) -> str:
    return _text(orjson.dumps(value))


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
