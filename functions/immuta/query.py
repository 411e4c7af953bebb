"""Query parameters: arrays as repeated keys or `name[]`, booleans, numbers, words of a list (contract section 1)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from souk.edge.request import Request
from souk.errors import Unreadable
from souk.ids import is_uuid

MAX_TOKEN_LIMIT = 100
DEFAULT_LIMIT = 10
MAX_ITEMS = 2000
"""Items that one offset page holds at most, so that an answer stays below the gateway's limit."""
_MANY = 10**9
_CUID = re.compile(r"c[a-z0-9]{24}\Z")


class OffsetPage(NamedTuple):
    """What an offset list was asked for."""

    offset: int
    limit: int


def values(request: Request, name: str) -> list[str]:
    """Every value of an array parameter."""
    return [value for key, value in request.query if key in {name, f"{name}[]"}]


def words(request: Request, name: str, known: Mapping[str, str]) -> frozenset[str]:
    """The values of an array of known words, in the core's words. Raises Unreadable."""
    given = values(request, name)
    strange = [value for value in given if value not in known]
    if strange:
        raise Unreadable(f"each value in {name} must be one of the following values: {', '.join(known)}")
    return frozenset(known[value] for value in given)


def word(request: Request, name: str, known: Collection[str], default: str) -> str:
    """One of the known words. Raises Unreadable."""
    value = request.query_one(name)
    if value is None:
        return default
    if value not in known:
        raise Unreadable(f"{name} must be one of the following values: {', '.join(known)}")
    return value


def uuid(request: Request, name: str) -> str | None:
    """A UUID in lower case, or None when it is absent. Raises Unreadable."""
    value = request.query_one(name)
    return None if value is None else _uuid(name, value)


def uuids(request: Request, name: str) -> list[str]:
    """The values of an array of UUIDs, in lower case. Raises Unreadable."""
    return [_uuid(name, value) for value in values(request, name)]


def cuid_or_uuid(request: Request, name: str) -> str | None:
    """A cuid or a UUID, or None when it is absent. Raises Unreadable."""
    value = request.query_one(name)
    if value is None or _CUID.match(value):
        return value
    return _uuid(name, value)


def _uuid(name: str, value: str) -> str:
    if not is_uuid(value.lower()):
        raise Unreadable(f"{name} must be a UUID")
    return value.lower()


def truth(request: Request, name: str) -> bool | None:
    """`true`, `false`, or None when it is absent. Raises Unreadable."""
    value = request.query_one(name)
    if value is None:
        return None
    if value not in {"true", "false"}:
        raise Unreadable(f"{name} must be a boolean value")
    return value == "true"


def number(request: Request, name: str, default: int, low: int, high: int = _MANY) -> int:
    """A whole number within bounds. Raises Unreadable."""
    text = request.query_one(name)
    if text is None:
        return default
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(text) > 15:
        raise Unreadable(f"{name} must be an integer number")
    value = int(text)
    if value < low:
        raise Unreadable(f"{name} must not be less than {low}")
    if value > high:
        raise Unreadable(f"{name} must not be greater than {high}")
    return value


def descending(request: Request, default: str) -> bool:
    """Whether `sortOrder` says so."""
    return word(request, "sortOrder", ("asc", "desc"), default) == "desc"


def offset_page(request: Request) -> OffsetPage:
    """`offset` and `limit` of an offset list. Raises Unreadable."""
    return OffsetPage(number(request, "offset", 0, 0), number(request, "limit", DEFAULT_LIMIT, 1))


def text(request: Request, name: str) -> str:
    """A text parameter, empty when it is absent."""
    return request.query_one(name) or ""
