"""Costs (contract section 3.8)."""

from __future__ import annotations

from typing import Any

from nndm.lens.fields import Field, FieldLens, simple, truth
from souk.catalogue import Document
from souk.store.port import Record


def _number(value: Any) -> Any:
    return value


class CostLens(FieldLens):
    """A cost shows the id that the server made, whatever was sent."""

    def show(self, record: Record) -> Document:
        """The cost as it was sent, under its own id."""
        return {"id": record.id} | FieldLens.show(self, record) | {"id": record.id}


COST = CostLens(
    (
        Field("product", ("dataProductId",)),
        *simple("name", "currency", "category"),
        Field("amount", ("amount",), _number),
        Field("month", ("yearMonth",)),
        Field("estimated", ("estimated",), truth),
    )
)
