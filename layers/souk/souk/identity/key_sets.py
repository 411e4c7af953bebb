"""Key sets: the public keys of the issuers that Souk trusts.

Souk's own set is a record, read with the request. The company's is fetched (`remote_keys`) from `SOUK_JWKS_URL`
or, without it, from where the issuer's OpenID Connect configuration says.
"""

from __future__ import annotations

import os
from typing import Any

from souk.ids import record_key
from souk.work import Work

KIND = "key_set"
DISCOVERY = "/.well-known/openid-configuration"


def own_issuer() -> str:
    """The name (`iss`, and `aud`) of tokens that Souk makes."""
    return os.environ.get("SOUK_OWN_ISSUER") or "souk"


def own_key() -> str:
    """Key of the record that holds Souk's own public keys."""
    return record_key(KIND, own_issuer())


def own_keys(work: Work) -> list[dict[str, Any]]:
    """Souk's public keys (JWKs) that tokens may still be signed with."""
    record = work.at(own_key())
    now = work.now.timestamp()
    published = record.body["card"]["keys"] if record else []
    return [entry["jwk"] for entry in published if entry.get("until") is None or entry["until"] > now]


def find_key(issuer: str, kid: str, work: Work) -> dict[str, Any] | None:
    """The issuer's public key of this name, or None. Raises Failed when the issuer's keys cannot be had."""
    if issuer == own_issuer():
        return next((jwk for jwk in own_keys(work) if jwk.get("kid") == kid), None)
    from souk.identity import remote_keys

    return remote_keys.at(os.environ.get("SOUK_JWKS_URL") or issuer.rstrip("/") + DISCOVERY).find(kid)
