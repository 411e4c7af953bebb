"""Contract terms as clients keep them -> as every typed client can read them (contract section 2)."""

from __future__ import annotations

from typing import Any

Wire = dict[str, Any]
_IDS: Wire = {"asset_id": "", "connection_id": ""}


def show_agreed(terms: Wire) -> Wire:
    """What the terms say. A schema without an asset has empty ids: typed clients demand them, and none is wrong."""
    if not terms.get("schema"):
        return terms
    return {**terms, "schema": [_IDS | table for table in terms["schema"]]}
