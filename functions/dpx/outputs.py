"""What deliveries gave, read as assets: by their consumer, as long as the access lasts."""

from __future__ import annotations

from typing import Any

from dpx.lens.order import show_output
from souk.edge.call import Call
from souk.errors import NotFound
from souk.orders.outputs import link_of
from souk.store.port import Record


def output_answer(call: Call, found: Record) -> dict[str, Any]:
    """The output, with a fresh link if its bytes are kept here. Raises NotFound where the caller may not see it."""
    if call.principal.kind != "key" and call.principal.label != found.body["card"]["owner"]:
        raise NotFound(f"the asset {found.id!r} does not exist", kind="asset", id=found.id)
    return show_output(found, link_of(call.work, found))
