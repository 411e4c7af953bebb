"""API keys: an organisation's credentials. Made, listed, rotated and revoked here; only hashes are stored.

A key has an id for life and one secret at a time, beside former secrets in their grace. Each secret is a record of its
own whose exact id is the secret's SHA-256: finding the record is the check. Nothing is compared character by character,
so there is no timing to measure, and 256 random bits need no slow hash.
"""

from __future__ import annotations

import re
import secrets
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from souk import clock
from souk.errors import Invalid, NotFound, Unauthenticated
from souk.identity.principal import DOOR_SCOPE, SCOPE_DECIDE, SCOPE_GRANTS, SCOPE_READ, SCOPE_WRITE, Principal
from souk.ids import record_key
from souk.store.port import Record
from souk.work import Work

KIND = "api_key"
PREFIX = "souk_"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM_BYTES = 32
_RANDOM_WIDTH = 43
_CHECK_WIDTH = 6
_FORM = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{_RANDOM_WIDTH + _CHECK_WIDTH}}}\Z")
_DOOR = re.compile(rf"{DOOR_SCOPE}[a-z]+\Z")
_VERBS = frozenset({SCOPE_READ, SCOPE_WRITE, SCOPE_DECIDE, SCOPE_GRANTS})


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key's id and its secret, which is shown this once and never again."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """What may be shown of one secret. Instants are text; `superseded`: a newer secret exists, this one is in grace."""

    id: str
    name: str
    scopes: tuple[str, ...] | None
    created: str
    rotated: str | None
    expires: str | None
    superseded: bool


def create(work: Work, name: str, *, scopes: Iterable[str] | None = None, expires: datetime | None = None) -> NewKey:
    """Make a key. `scopes`: None for all, else any of read, write, decide, grants, door:<name>. Raises Invalid."""
    allowed = None if scopes is None else _checked(scopes)
    if not name.strip() or len(name) > 200:
        raise Invalid("a key needs a name of 1 to 200 characters")
    if expires is not None and expires <= work.now:
        raise Invalid("a key cannot expire in the past")
    card = {"id": str(uuid4()), "name": name, "scopes": allowed, "created": clock.text(work.now), "rotated": None}
    new = _issue(work, card, expires)
    work.notice("api_key.created", id=new.id, label=name)
    return new


def list_keys(work: Work) -> list[KeyInfo]:
    """Every live secret, oldest key first; a key in grace shows once for each of its secrets."""
    shown = [_info(record) for record in work.records(KIND)]
    return sorted(shown, key=lambda info: (info.created, info.id, info.superseded))


def find_key(work: Work, key_id: str) -> KeyInfo:
    """What may be shown of the key's present secret. Raises NotFound."""
    shown = [_info(record) for record in _secrets_of(work, key_id)]
    return next((one for one in shown if not one.superseded), shown[-1])


def rotate(work: Work, key_id: str, *, grace: timedelta = timedelta(0)) -> NewKey:
    """Give the key a new secret. Former secrets end now, or stay valid for `grace`. Raises NotFound."""
    standing = _secrets_of(work, key_id)
    current = next((record for record in standing if not record.body["card"]["superseded"]), standing[-1])
    end = int((work.now + grace).timestamp())
    for record in standing:
        if grace > timedelta(0):
            _supersede(work, record, min(end, record.expires or end))
        else:
            work.remove(record)
    card = {**current.body["card"], "rotated": clock.text(work.now)}
    new = _issue(work, card, _expiry(current))
    work.notice("api_key.rotated", id=key_id, label=card["name"])
    return new


def revoke(work: Work, key_id: str) -> None:
    """End the key with all its secrets and the tokens made from them, at once. Raises NotFound."""
    for record in _secrets_of(work, key_id):
        work.remove(record)
    work.notice("api_key.revoked", id=key_id)


def well_formed(secret: str) -> bool:
    """True for text that `create` could have given out; anything else is no key and costs no read."""
    return _FORM.match(secret) is not None and secret[-_CHECK_WIDTH:] == _check(secret[:-_CHECK_WIDTH])


def key_of(secret: str) -> str:
    """Key of the record that stands for the secret."""
    return record_key(KIND, sha256(secret.encode()).hexdigest())


def principal_of(secret: str, work: Work) -> Principal:
    """The key that the secret belongs to. Raises Unauthenticated when it is unknown, revoked or expired."""
    record = work.at(key_of(secret)) if well_formed(secret) else None
    return principal_from(record)


def principal_from(record: Record | None) -> Principal:
    """The key that the record stands for. Raises Unauthenticated when there is none."""
    if record is None or record.kind != KIND:
        raise Unauthenticated("this API key is not valid")
    card = record.body["card"]
    scopes = None if card["scopes"] is None else frozenset(card["scopes"])
    return Principal(kind="key", id=card["id"], name=card["name"], scopes=scopes, expires=record.expires)


def _issue(work: Work, card: dict[str, Any], expires: datetime | None) -> NewKey:
    text = PREFIX + _base62(int.from_bytes(secrets.token_bytes(_RANDOM_BYTES), "big"), _RANDOM_WIDTH)
    secret = text + _check(text)
    digest = work.new_id(KIND, sha256(secret.encode()).hexdigest())
    _save(work, digest, {**card, "superseded": False}, _seconds(expires))
    return NewKey(card["id"], secret)


def _supersede(work: Work, record: Record, expires: int) -> None:
    _save(work, record.id, {**record.body["card"], "superseded": True}, expires)


def _save(work: Work, digest: str, card: dict[str, Any], expires: int | None) -> None:
    work.save(KIND, digest, {"card": card}, lists=[f"{KIND}/by-id/{card['id']}"], expires=expires)


def _secrets_of(work: Work, key_id: str) -> list[Record]:
    found = list(work.records(f"{KIND}/by-id/{key_id}"))
    if not found:
        raise NotFound(f"API key {key_id!r} does not exist", kind=KIND, id=key_id)
    return found


def _info(record: Record) -> KeyInfo:
    card, expiry = record.body["card"], _expiry(record)
    return KeyInfo(
        id=card["id"],
        name=card["name"],
        scopes=None if card["scopes"] is None else tuple(card["scopes"]),
        created=card["created"],
        rotated=card["rotated"],
        expires=clock.text(expiry) if expiry else None,
        superseded=card["superseded"],
    )


def _checked(scopes: Iterable[str]) -> list[str]:
    wanted = sorted(set(scopes))
    strange = [scope for scope in wanted if scope not in _VERBS and not _DOOR.match(scope)]
    if strange:
        raise Invalid(f"unknown scopes: {', '.join(strange)}; there are read, write, decide, grants and door:<name>")
    if not _VERBS.intersection(wanted):
        raise Invalid("a limited key needs at least one of the scopes read, write, decide, grants")
    return wanted


def _expiry(record: Record) -> datetime | None:
    return None if record.expires is None else datetime.fromtimestamp(record.expires, UTC)


def _seconds(instant: datetime | None) -> int | None:
    return None if instant is None else int(instant.timestamp())


def _check(text: str) -> str:
    """Six digits that tell a mistyped or cut key from a wrong one without a read. No secret rests on them."""
    return _base62(zlib.crc32(text.encode()), _CHECK_WIDTH)


def _base62(number: int, width: int) -> str:
    out = []
    for _ in range(width):
        number, digit = divmod(number, len(_DIGITS))
        out.append(_DIGITS[digit])
    return "".join(reversed(out))
