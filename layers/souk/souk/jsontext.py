"""JSON text in and out: strict where strictness protects, exact where exactness is promised.

Numbers come back as they were sent (integers of any length, doubles), text byte for byte. Refused: NaN and
Infinity, doubles out of range, lone surrogates, duplicate keys, nesting deeper than MAX_DEPTH.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

import orjson

from souk.errors import TooLarge, Unreadable

MAX_DEPTH = 100
_LONG_INTEGER = re.compile(rb"[0-9]{19}")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def parse(data: bytes | str) -> Any:
    """The value of a JSON text that came from outside. Raises Unreadable (malformed) or TooLarge (too deep)."""
    try:
        raw = data if isinstance(data, bytes) else data.encode()
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_no_duplicates, parse_constant=_no_constant, parse_float=_finite
        )
    except RecursionError:
        raise TooLarge(f"the document is nested deeper than {MAX_DEPTH} levels") from None
    except UnicodeError:
        raise Unreadable("the body is not UTF-8 text") from None
    except ValueError as error:
        raise Unreadable(f"the body is not valid JSON: {error}") from None
    if _SURROGATE.search(raw):
        _no_lone_surrogate(value)
    _check_depth(value)
    return value


def load(data: bytes) -> Any:
    """The value of a JSON text that `dump` wrote."""
    return json.loads(data) if _LONG_INTEGER.search(data) else orjson.loads(data)


def dump(value: Any) -> bytes:
    """Compact UTF-8 JSON, key order kept."""
    try:
        return orjson.dumps(value)
    except TypeError:  # an integer beyond 64 bits, which orjson does not write
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {twice[:80]!r} stands twice in one object")
    return result


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("a number is out of range")
    return number


def _no_lone_surrogate(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeError, RecursionError):
        raise Unreadable("the body holds half of a surrogate pair, which is not text") from None


def _check_depth(value: Any) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH + 1:
            raise TooLarge(f"the document is nested deeper than {MAX_DEPTH} levels")
        level = [
            child
            for node in level
            if isinstance(node, (dict, list))
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, (dict, list))
        ]
