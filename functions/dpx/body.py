"""Bodies that may be missing."""

from __future__ import annotations

from typing import Any

from souk.edge.call import Call


def optional_document(call: Call) -> dict[str, Any]:
    """The body as an object, empty when none was sent. Raises Unreadable, TooLarge."""
    return call.document if call.request.body.strip() else {}
