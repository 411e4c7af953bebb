"""JSON Patch (RFC 6902) within bounds: all operations or none, and no document that grows without end.

The library applies each operation; this module checks it first. What an operation adds is measured before it is
added, since 24 copies of a whole into itself make 16 million times the whole.
"""

from __future__ import annotations

import copy
from collections.abc import Collection
from typing import Any

from souk import jsontext
from souk.errors import Conflict, Invalid

MAX_OPERATIONS = 200
MAX_PATH = 1000
"""Characters of a pointer."""
MAX_GROWTH = 1024 * 1024
"""Bytes of JSON that all operations of one patch may add together."""
_COPIED = 4
"""How often what is copied counts: a few words of a patch make as much work of it as the bound allows."""
MAX_DEPTH = jsontext.MAX_DEPTH

_WITH_VALUE = frozenset({"add", "replace", "test"})
_WITH_FROM = frozenset({"move", "copy"})
_KNOWN = _WITH_VALUE | _WITH_FROM | {"remove"}


def apply(document: dict[str, Any], operations: Any, *, optional: Collection[str] = ()) -> dict[str, Any]:
    """The document with every operation applied, in order; `document` itself is not touched.

    `optional` names top-level fields that `replace` may set although they are absent. Raises Invalid (malformed, a
    path that is not there, a bound exceeded) and Conflict (a `test` that fails).
    """
    result: Any = copy.deepcopy(document)
    growth = 0
    # The operations' values become part of the result; a command that is run again needs them unchanged.
    for number, operation in enumerate(copy.deepcopy(_checked(operations))):
        change = _added_if_absent(result, operation, optional)
        growth += _growth(result, change, number)
        if growth > MAX_GROWTH:
            raise Invalid(f"operation {number}: the patch adds more than {MAX_GROWTH} bytes", code="patch")
        result = _applied(result, change, number)
    if not isinstance(result, dict):
        raise Invalid("the patch leaves something that is not an object", code="patch")
    return result


def _checked(operations: Any) -> list[dict[str, Any]]:
    if not isinstance(operations, list):
        raise Invalid("a JSON Patch is an array of operations", code="patch")
    if len(operations) > MAX_OPERATIONS:
        raise Invalid(f"a patch may hold {MAX_OPERATIONS} operations at most", code="patch")
    problems = [problem for number, one in enumerate(operations) if (problem := _fault(one, number))]
    if problems:
        raise Invalid(problems[0], problems, code="patch")
    return operations


def _fault(operation: Any, number: int) -> str | None:
    if not isinstance(operation, dict):
        return f"operation {number} is not an object"
    verb = operation.get("op")
    if not isinstance(verb, str) or verb not in _KNOWN:
        return f"operation {number}: op must be one of add, remove, replace, move, copy, test"
    if verb in _WITH_VALUE and "value" not in operation:
        return f"operation {number}: {verb} needs a value"
    for name in ("path", "from") if verb in _WITH_FROM else ("path",):
        pointer = operation.get(name)
        if not isinstance(pointer, str) or (pointer and not pointer.startswith("/")):
            return f"operation {number}: {name} must be a JSON pointer, which begins with /"
        if len(pointer) > MAX_PATH:
            return f"operation {number}: {name} is longer than {MAX_PATH} characters"
    return None


def _added_if_absent(document: Any, operation: dict[str, Any], optional: Collection[str]) -> dict[str, Any]:
    name = operation["path"][1:]
    absent = operation["op"] == "replace" and name in optional and isinstance(document, dict) and name not in document
    return {**operation, "op": "add"} if absent else operation


def _growth(document: Any, operation: dict[str, Any], number: int) -> int:
    """Bytes that the operation adds. Raises Invalid where the result would be too deep, or its source is not there."""
    verb = operation["op"]
    if verb in {"remove", "test"}:
        return 0
    value = _value_at(document, operation["from"], number) if verb in _WITH_FROM else operation["value"]
    if operation["path"].count("/") + _depth(value) > MAX_DEPTH:
        raise Invalid(f"operation {number}: the result is nested deeper than {MAX_DEPTH} levels", code="patch")
    size = 0 if verb == "move" else len(jsontext.dump(value))
    return size * _COPIED if verb == "copy" else size


def _value_at(document: Any, pointer: str, number: int) -> Any:
    import jsonpointer

    try:
        found = jsonpointer.JsonPointer(pointer).resolve(document)
    except (jsonpointer.JsonPointerException, TypeError, ValueError, KeyError, IndexError):
        found = jsonpointer.EndOfList(document)
    if isinstance(found, jsonpointer.EndOfList):
        raise Invalid(f"operation {number}: nothing is at {pointer[:200]!r}", code="patch")
    return found


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level:
        depth += 1
        level = [
            child
            for node in level
            if isinstance(node, (dict, list))
            for child in (node.values() if isinstance(node, dict) else node)
        ]
    return depth


def _applied(document: Any, operation: dict[str, Any], number: int) -> Any:
    import jsonpatch
    import jsonpointer

    if operation["op"] == "test":
        return _tested(document, operation, number)
    faults = (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException)
    try:
        return jsonpatch.JsonPatch([operation]).apply(document, in_place=True)
    except (*faults, TypeError, ValueError, KeyError, IndexError, AttributeError):
        where = operation["path"][:200]
        raise Invalid(f"operation {number}: {operation['op']} is not possible at {where!r}", code="patch") from None


def _tested(document: Any, operation: dict[str, Any], number: int) -> Any:
    try:
        found = _value_at(document, operation["path"], number)
    except Invalid:
        found = ...
    if not equal(found, operation["value"]):
        raise Conflict(f"operation {number}: the test at {operation['path'][:200]!r} failed")
    return document


def equal(one: Any, other: Any) -> bool:
    """Equality as JSON has it: true is not 1, key order does not matter, 1 equals 1.0."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return bool(one == other)
