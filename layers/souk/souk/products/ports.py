"""Ports of a product: which of them a write adds, changes and takes away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from souk.work import Work


def announce_ports(work: Work, product_id: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Stage one event for each port that is new, changed or gone. Null and absent are the same content."""
    for port_id in before.keys() - after.keys():
        work.event("port", "deleted", product_id, port=port_id)
    for port_id, content in after.items():
        if port_id not in before:
            work.event("port", "created", product_id, port=port_id)
        elif _canonical(before[port_id]) != _canonical(content):
            work.event("port", "updated", product_id, port=port_id)


def _canonical(content: Any) -> str:
    # As text, since 1, 1.0 and true are equal to Python.
    return json.dumps(_without_nulls(content), sort_keys=True)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value
