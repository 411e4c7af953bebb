"""Identity: how an exact id becomes a record key, and how doors render a key.

A key is 120 bits of SHA-256 over (kind, exact id), written as 24 characters of base 36. One id leads to one
key, so a record is one read away and no id can be aimed at another's record. A door that needs UUIDs shows
the key as UUIDv8, a door that needs cuids shows `c` and the key.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from secrets import choice

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LETTERS_AND_DIGITS = _DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BITS = 120
_WIDTH = 24
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
_UUID8 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")
_CUID = re.compile(r"c[a-z0-9]{24}\Z")


@lru_cache(maxsize=4096)  # one request asks for the same few keys again and again
def record_key(kind: str, exact_id: str) -> str:
    """The key of the record of this kind with exactly this id."""
    digest = sha256(f"{kind}\0{exact_id}".encode("utf-8", "surrogatepass")).digest()
    return _base36(int.from_bytes(digest[: _BITS // 8], "big"))


def is_uuid(value: str) -> bool:
    """True for a canonical lower-case UUID. Other spellings are other ids."""
    return _UUID.match(value) is not None


def key_as_uuid(key: str) -> str:
    """The key as UUIDv8: 120 bits around the version and variant digits, two spare bits zero."""
    n = int(key, 36)
    a, b, c = n >> 72, (n >> 60) & 0xFFF, n & 0xFFF_FFFF_FFFF_FFFF
    low = (0b10 << 62) | c
    h = f"{a:012x}8{b:03x}{low:016x}"
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def key_from_uuid(value: str) -> str | None:
    """The key that `key_as_uuid` rendered, or None."""
    if not _UUID8.match(value):
        return None
    h = value.replace("-", "")
    a, b, low = int(h[:12], 16), int(h[13:16], 16), int(h[16:], 16)
    c = low & 0x3FFF_FFFF_FFFF_FFFF
    if c >> 60:
        return None
    return _base36((a << 72) | (b << 60) | c)


def as_uuid(kind: str, exact_id: str) -> str:
    """What a door that needs UUIDs shows for this id: the id itself if it is one, else its key as UUIDv8."""
    return exact_id if is_uuid(exact_id) else key_as_uuid(record_key(kind, exact_id))


def keys_for_uuid(kind: str, value: str) -> list[str]:
    """Keys of the records that `as_uuid` may have shown as `value`: at most two, to be read in one batch."""
    rendered = key_from_uuid(value)
    return [record_key(kind, value), *([rendered] if rendered else [])]


def key_as_cuid(key: str) -> str:
    """The key as a cuid: `c` and 24 characters of base 36."""
    return "c" + key


def key_from_cuid(value: str) -> str | None:
    """The key that `key_as_cuid` rendered, or None."""
    return value[1:] if _CUID.match(value) and int(value[1:], 36) < 1 << _BITS else None


def keys_of_url_id(kind: str, value: str) -> list[str]:
    """Keys that a record may have which a door shows as `value`: exactly, or its key where the id is not URL-safe."""
    rendered = key_from_cuid("c" + value) if len(value) == _WIDTH else None
    return [record_key(kind, value), *([rendered] if rendered else [])]


def new_url_id() -> str:
    """A new random id of 20 letters and digits (119 bits)."""
    return "".join(choice(_LETTERS_AND_DIGITS) for _ in range(20))


def _base36(number: int) -> str:
    out = []
    while number:
        number, digit = divmod(number, 36)
        out.append(_DIGITS[digit])
    return "".join(reversed(out)).rjust(_WIDTH, "0")
