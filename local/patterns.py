"""Event patterns, as the FilterCriteria of a stream mapping use them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

_MISSING = object()
_RULES: dict[str, Callable[[Any, Any], bool]] = {
    "prefix": lambda value, argument: isinstance(value, str) and value.startswith(argument),
    "suffix": lambda value, argument: isinstance(value, str) and value.endswith(argument),
    "anything-but": lambda value, argument: (
        value is not _MISSING and value not in (argument if isinstance(argument, list) else [argument])
    ),
    "exists": lambda value, argument: (value is not _MISSING) == argument,
}


def matches_any(patterns: Iterable[dict[str, Any]], record: dict[str, Any]) -> bool:
    """Whether a record passes the filters: one of them, or all records when there are none."""
    chosen = list(patterns)
    return not chosen or any(matches(pattern, record) for pattern in chosen)


def matches(pattern: dict[str, Any], record: Any) -> bool:
    """Whether every field of the pattern is met. A list holds alternatives, a map goes deeper."""
    return all(_field(wanted, record.get(name, _MISSING)) for name, wanted in pattern.items())


def _field(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, dict):
        return matches(wanted, value if isinstance(value, dict) else {})
    return any(_alternative(one, value) for one in wanted)


def _alternative(wanted: Any, value: Any) -> bool:
    if not isinstance(wanted, dict):
        return bool(value == wanted) and value is not _MISSING
    ((rule, argument),) = wanted.items()
    return _RULES[rule](value, argument)
