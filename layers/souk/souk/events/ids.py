"""Event ids: UUIDs (version 8) that carry the event's place in the log, so that a reader's last id needs no lookup.

    number of the batch (48 bits) | 8 | index, upper 12 bits | 10 | last of its batch (1) | index, lower 8 | tag (53)

Ids sort as the log does. The tag is a keyed hash: an id that was made up, or altered, is known as such. The bit
`last` spares an idle reader the batch it has already seen.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

MAX_NUMBER = (1 << 48) - 1
MAX_INDEX = (1 << 20) - 1
_TAG_BITS = 53
_TAG = (1 << _TAG_BITS) - 1
_UUID8 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")


class Position(NamedTuple):
    """A position in the log: the batch's number (from 1), the place in it (from 0), and whether it is its last."""

    number: int
    place: int
    last: bool = False


def event_id(number: int, index: int, last: bool = False) -> str:
    """The id of the event at this place. Raises ValueError for a place that no log reaches."""
    if not (1 <= number <= MAX_NUMBER and 0 <= index <= MAX_INDEX):
        raise ValueError(f"no event stands at {number}, {index}")
    place = bool(last) << 8 | index & 0xFF
    tail = 0b10 << 62 | place << _TAG_BITS | _tag(number, index, last)
    return _grouped(f"{number:012x}8{index >> 8:03x}{tail:016x}")


def position_of(text: str) -> Position | None:
    """The place that an id names, or None if it is not one of ours. Capital letters are no part of an id."""
    if not _UUID8.match(text):
        return None
    digits = text.replace("-", "")
    number, tail = int(digits[:12], 16), int(digits[16:], 16)
    place = tail >> _TAG_BITS & 0x1FF
    position = Position(number, int(digits[13:16], 16) << 8 | place & 0xFF, bool(place >> 8))
    known = number >= 1 and tail & _TAG == _tag(*position)
    return position if known else None


def notice_id(item_id: str, index: int) -> str:
    """The id of a notice: the same whenever it is relayed."""
    value = int.from_bytes(blake2b(f"{item_id}\0{index}".encode(), digest_size=16, person=b"souk-notice").digest())
    value = value & ~(0xF << 76) & ~(0b11 << 62) | 8 << 76 | 0b10 << 62
    return _grouped(f"{value:032x}")


def _tag(number: int, index: int, last: bool) -> int:
    place = number.to_bytes(6) + index.to_bytes(3) + bytes((last,))
    return int.from_bytes(blake2b(place, digest_size=8, key=_key(), person=b"souk-event").digest()) & _TAG


@lru_cache(maxsize=1)
def _key() -> bytes:
    return blake2b(os.environ.get("SOUK_EVENT_KEY", "souk").encode(), digest_size=32).digest()


def _grouped(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
