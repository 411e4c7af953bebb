"""Whether a document came back as it was sent (G8), but for what G9, G13 and G17 leave to the server."""

from __future__ import annotations

from typing import Any

FILLED = {
    "dataProductSpecification": "0.0.1",
    "dataUsageAgreementSpecification": "0.0.1",
    "inputPorts": [],
    "outputPorts": [],
    "assets": [],
    "autoApprove": False,
    "containsPii": False,
    "tags": [],
    "links": {},
    "custom": {},
}
"""What GET may add where it was not sent (G17)."""

FILLED_IN = ("inputPorts", "outputPorts", "columns")
"""Arrays whose entries may be filled as well."""


def without_nulls(value: Any) -> Any:
    """The value without the fields that are null, at any depth; entries of arrays stay (G9)."""
    if isinstance(value, dict):
        return {key: without_nulls(held) for key, held in value.items() if held is not None}
    if isinstance(value, list):
        return [without_nulls(entry) for entry in value]
    return value


def same(one: Any, other: Any) -> bool:
    """Equal values of equal JSON types: true is not 1, "1" is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(held, other[key]) for key, held in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other) and isinstance(one, str) == isinstance(other, str)


def as_sent(sent: Any, got: Any) -> Any:
    """What came back, less what the server may have added to what was sent, nulls aside on both sides."""
    plain, found = without_nulls(sent), without_nulls(got)
    less = _unfilled(plain, found)
    less["info"] = _unmanaged(plain, found)
    return {key: held for key, held in less.items() if key != "info" or held is not None}


def _unfilled(sent: dict[str, Any], got: dict[str, Any]) -> dict[str, Any]:
    kept = {key: held for key, held in got.items() if key in sent or key not in FILLED or not same(held, FILLED[key])}
    for name in FILLED_IN:
        ours, theirs = sent.get(name), kept.get(name)
        if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
            kept[name] = [_unfilled(a, b) for a, b in zip(ours, theirs, strict=True)]
    return kept


def _unmanaged(sent: dict[str, Any], got: dict[str, Any]) -> Any:
    """`info` without a copy of the id (9) and, for agreements, without what the server manages (3.3)."""
    info, was = got.get("info"), sent.get("info", {})
    if not isinstance(info, dict):
        return info
    managed = {"status", "active"} if "provider" in sent and "consumer" in sent else set()
    added = {"id"} if info.get("id") == got.get("id") else set()
    kept = {key: held for key, held in info.items() if key in was or key not in managed | added}
    return kept | {key: was[key] for key in managed & was.keys()}


def assert_came_back(sent: Any, got: Any) -> None:
    """Fail unless GET returned what was PUT."""
    want, have = without_nulls(sent), as_sent(sent, got)
    assert same(want, have), f"sent {want!r}\ngot  {have!r}"
