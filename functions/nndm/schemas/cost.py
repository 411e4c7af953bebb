"""Costs (contract section 3.8)."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from nndm.schemas.fields import Number, Shape, Tags, Text

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}\Z")
_MONTHS = WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"})


def _month(value: str) -> str:
    if not _MONTH.match(value):
        raise ValueError("must be a month, YYYY-MM")
    return value


class Cost(Shape):
    """A cost. An id that is sent is ignored."""

    data_product_id: Text
    name: Text
    currency: Text
    amount: Number
    year_month: Annotated[str, AfterValidator(_month), _MONTHS] | None = None
    estimated: bool | None = None
    category: str | None = None
    description: str | None = None
    tags: Tags = None
    link: str | None = None
