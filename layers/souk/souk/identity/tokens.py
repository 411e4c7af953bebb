"""Tokens: JWTs of the company's issuer and Souk's own. Verified claims become a principal.

Trusted are two issuers: the company's (`SOUK_ISSUER`, for one of `SOUK_AUDIENCE`; not trusted without an audience) and
Souk itself (`issuer`), whose public keys stand in the store. A token that Souk made from an API key ends with the key:
the key's record decides, in the same batch read. PyJWT is imported only when a token comes.
"""

from __future__ import annotations

import binascii
import os
import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from souk.errors import Unauthenticated
from souk.identity import key_sets, keys, users
from souk.identity.principal import PERMISSIONS, Principal
from souk.ids import is_uuid
from souk.work import Work

ALGORITHMS = {"RSA": "RS256", "EC": "ES256"}
"""By key type. The key that the issuer published fixes the algorithm; the token's header can only agree."""
LEEWAY_SECONDS = 30
KEY_CLAIM = "souk_key"
"""In a token made from an API key: the key of the record that must still stand."""
_RECORD_KEY = re.compile(r"[0-9a-z]{24}\Z")
_EMAIL_CLAIMS = ("preferred_username", "email", "upn")


@dataclass(frozen=True, slots=True)
class _Parts:
    header: dict[str, Any]
    claims: dict[str, Any]


def keys_of(token: str) -> list[str]:
    """Records to read with the request, told by the token's unverified claims; nothing is concluded from them yet."""
    parts = _peek(token)
    if parts is None:
        return []
    own = parts.claims.get("iss") == key_sets.own_issuer()
    found = [key_sets.own_key()] if own else []
    source = _source(parts.claims)
    return [*found, source] if source else found + users.record_keys(*_identity(parts.claims))


def principal_of(token: str, work: Work) -> Principal:
    """The verified token's user, or the API key it was made from. Raises Unauthenticated; Failed (issuer's keys)."""
    claims = _verified(token, work)
    source = _source(claims)
    if source:
        principal = keys.principal_from(work.at(source))
        return Principal(
            kind=principal.kind, id=principal.id, name=principal.name, scopes=principal.scopes, expires=claims["exp"]
        )
    return _user(claims, work)


def _source(claims: dict[str, Any]) -> str | None:
    """Key of the API key's record that this token of Souk's own was made from."""
    source = claims.get(KEY_CLAIM)
    own = claims.get("iss") == key_sets.own_issuer()
    return source if own and isinstance(source, str) and _RECORD_KEY.match(source) else None


def _user(claims: dict[str, Any], work: Work) -> Principal:
    user_id, email = _identity(claims)
    if not user_id:
        raise Unauthenticated("the token names no user: it has neither a UUID nor an e-mail")
    stored = [record.body["card"] for record in map(work.at, users.record_keys(user_id, email)) if record is not None]
    return Principal(
        kind="user",
        id=user_id,
        name=_text(claims, "name") or next((card.get("name", "") for card in stored), ""),
        email=email or next((card.get("email", "") for card in stored), ""),
        teams=_all(_words(claims, os.environ.get("SOUK_GROUPS_CLAIM", "groups")), stored, "teams"),
        permissions=_all(_permissions(claims), stored, "permissions"),
        managed_domains=_all(
            _words(claims, os.environ.get("SOUK_DOMAINS_CLAIM", "souk_domains")), stored, "managed_domains"
        ),
        attributes=_attributes(claims).union(*map(users.attributes_of, stored)),
        expires=int(claims["exp"]),
    )


def _identity(claims: dict[str, Any]) -> tuple[str, str]:
    """Id (UUID claim, else derived from the e-mail, else empty) and lower-cased e-mail (or empty)."""
    email = next((text for text in (_text(claims, name) for name in _EMAIL_CLAIMS) if "@" in text), "").lower()
    if claims.get("email_verified") is False:
        email = ""
    given = next((text for text in (_text(claims, "oid"), _text(claims, "sub")) if is_uuid(text)), "")
    return given or (users.id_for_email(email) if email else ""), email


def _permissions(claims: dict[str, Any]) -> set[str]:
    names = os.environ.get("SOUK_PERMISSIONS_CLAIM", "roles,souk_permissions").split(",")
    return {word.lower() for name in names for word in _words(claims, name.strip())} & PERMISSIONS


def _attributes(claims: dict[str, Any]) -> frozenset[tuple[str, str]]:
    """(name, value) pairs: the members of a claim that is an object, else the claim's own name and values."""
    found: set[tuple[str, str]] = set()
    for name in os.environ.get("SOUK_ATTRIBUTES_CLAIM", "souk_attributes").split(","):
        claim = claims.get(name.strip())
        members = claim if isinstance(claim, dict) else {name.strip(): claim}
        found.update((key, value) for key in members if isinstance(key, str) for value in _words(members, key))
    return frozenset(found)


def _all(given: set[str], stored: list[dict[str, Any]], field: str) -> frozenset[str]:
    return frozenset(given.union(*(card.get(field) or () for card in stored)))


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""


def _words(claims: dict[str, Any], name: str) -> set[str]:
    value = claims.get(name)
    values = value if isinstance(value, list) else [value]
    return {word for word in values if isinstance(word, str) and word}


def _peek(token: str) -> _Parts | None:
    """Header and claims as they stand, unverified, or None for what is no JWT."""
    try:
        header, claims = (orjson.loads(urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])
    except (ValueError, binascii.Error):
        return None
    return _Parts(header, claims) if isinstance(header, dict) and isinstance(claims, dict) else None


def _verified(token: str, work: Work) -> dict[str, Any]:
    parts = _peek(token)
    if parts is None:
        raise Unauthenticated("the credential is neither an API key nor a readable token")
    if "crit" in parts.header or "b64" in parts.header:
        raise Unauthenticated("the token demands extensions that are not supported")
    issuer, audiences = _trusted(parts.claims.get("iss"))
    kid = parts.header.get("kid")
    if not isinstance(kid, str):
        raise Unauthenticated("the token's header names no key (kid)")
    found = key_sets.find_key(issuer, kid, work)
    if found is None:
        raise Unauthenticated("the token was signed with a key that its issuer does not publish")
    return _decoded(token, found, issuer, audiences)


def _trusted(issuer: object) -> tuple[str, list[str]]:
    """The issuer and the audiences that its tokens may be for. Raises Unauthenticated."""
    own = key_sets.own_issuer()
    if issuer == own:
        return own, [own]
    company = os.environ.get("SOUK_ISSUER", "")
    audiences = [text.strip() for text in os.environ.get("SOUK_AUDIENCE", "").split(",") if text.strip()]
    if not company or issuer != company or not audiences:
        raise Unauthenticated("the token's issuer is not trusted here")
    return company, audiences


def _decoded(token: str, jwk: dict[str, Any], issuer: str, audiences: list[str]) -> dict[str, Any]:
    import jwt

    algorithm = ALGORITHMS.get(str(jwk.get("kty")))
    if algorithm is None:
        raise Unauthenticated("the token's key is of a kind that is not accepted")
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_public_key(orjson.dumps(jwk, option=orjson.OPT_SORT_KEYS), algorithm),
            algorithms=[algorithm],
            audience=audiences,
            issuer=issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud"]},
        )
    except jwt.ExpiredSignatureError:
        raise Unauthenticated("the token has expired") from None
    except jwt.InvalidAudienceError:
        raise Unauthenticated("the token is for another audience") from None
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError):
        raise Unauthenticated("the token is not valid") from None
    return claims


@lru_cache(maxsize=64)
def _public_key(jwk: bytes, algorithm: str) -> Any:
    """The parsed key. Raises jwt.PyJWTError for a key that is malformed, too short, or on another curve."""
    import jwt

    data = orjson.loads(jwk)
    if "d" in data or data.get("use", "sig") != "sig" or (algorithm == "ES256" and data.get("crv") != "P-256"):
        raise jwt.InvalidKeyError("not a public signing key of the accepted kinds")
    key = jwt.PyJWK(data, algorithm).key
    if algorithm == "RS256" and key.key_size < 2048:
        raise jwt.InvalidKeyError("an RSA key needs 2048 bits")
    return key
