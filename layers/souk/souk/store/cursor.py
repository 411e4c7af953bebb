"""Cursors: where a page of a list ended, as unpadded base64url.

A cursor names the last entry that was shown, so it stays right while others come and go. Four bytes tie it to
its list: a cursor of another list is refused.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b

from souk.errors import Unreadable

_TAG = 4


def encode(list_name: str, sort: str, key: str) -> str:
    """The cursor behind the entry (sort, key) of the list."""
    return urlsafe_b64encode(_tag(list_name) + f"{sort}\0{key}".encode()).rstrip(b"=").decode()


def decode(list_name: str, cursor: str, low: str, high: str | None) -> tuple[str, str]:
    """The (sort, key) that `encode` was given. Raises errors.Unreadable for any other text."""
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        sort, parted, key = raw[_TAG:].decode().partition("\0")
    except (binascii.Error, ValueError):
        raise Unreadable("the page token is not one that this list gave out") from None
    known = parted and raw[:_TAG] == _tag(list_name) and encode(list_name, sort, key) == cursor
    if not known or sort.encode() < low.encode() or (high is not None and sort.encode() >= high.encode()):
        raise Unreadable("the page token is not one that this list gave out")
    return sort, key


def _tag(list_name: str) -> bytes:
    return blake2b(list_name.encode(), digest_size=_TAG, person=b"souk-cursor").digest()
