"""What deliveries gave, read as assets: by their consumer, as long as the access lasts."""

from __future__ import annotations

from typing import Any

from dpx.lens.order import show_output
from souk.edge.call import Call
from souk.orders.outputs import link_of
from souk.store.port import Record


def output_answer(call: Call, found: Record) -> dict[str, Any]:
    """The output, with a fresh link if its bytes are kept here."""
    return show_output(found, link_of(call.work, found))


def may_see(call: Call, found: Record) -> bool:
    """Keys, and whoever it was delivered to."""
    owner: str = found.body["card"]["owner"]
    return call.principal.kind == "key" or call.principal.label == owner
