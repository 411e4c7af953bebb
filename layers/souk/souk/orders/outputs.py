"""Outputs of deliveries, while the access lasts under which they were delivered."""

from __future__ import annotations

from typing import cast

from souk.access import lifecycle, record
from souk.access.model import KIND as ACCESS
from souk.errors import NotFound
from souk.orders.model import KIND, OutputCard
from souk.store.port import Record
from souk.work import Work


def link_of(work: Work, output: Record) -> str | None:
    """A fresh link to the output's object, None where it is no object. Raises NotFound when the access is over."""
    card = cast(OutputCard, output.body["card"])
    order = work.find(KIND, card["order"])
    access = work.find(ACCESS, order.body["card"]["access"]) if order else None
    if access is None or not lifecycle.is_active(record.card_of(access), work.now):
        raise NotFound("the access under which this was delivered is over", kind="asset", id=output.id)
    if card["kind"] != "object":
        return None
    from souk.documents import transfers

    return transfers.link(card["bucket"], card["key"], card["name"])
