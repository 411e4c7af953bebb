"""Data usage agreements (contract section 3.3)."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, WithJsonSchema, model_validator

from nndm.schemas.fields import Common, Shape, Text

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def _day(value: str) -> str:
    if not _DAY.match(value):  # Python reads other forms of a date as well, such as 20240131
        raise ValueError(f"must be a date as in 2024-01-31, and is '{value[:40]}'")
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"'{value}' is no day of the calendar") from None
    return value


Day = Annotated[str, AfterValidator(_day), WithJsonSchema({"type": "string", "format": "date"})] | None


class Info(Shape):
    """`status` and `active` are the server's and are not looked at (4.2)."""

    purpose: Text
    individual_agreements: str | None = None
    start_date: Day = None
    end_date: Day = None
    next_reassessment_date: Day = None


class Provider(Shape):
    """What the data is asked from."""

    data_product_id: Text
    output_port_id: Text
    team_id: str | None = None
    data_contract_id: str | None = None


class Consumer(Shape):
    """Who uses the data: one of three, or several of them."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": [name], "properties": {name: {"type": "string", "pattern": r"\S"}}}
                for name in ("dataProductId", "teamId", "userId")
            ]
        }
    )

    data_product_id: str | None = None
    team_id: str | None = None
    user_id: str | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Consumer:
        if not any(name and name.strip() for name in (self.data_product_id, self.team_id, self.user_id)):
            raise ValueError("must name a dataProductId, a teamId or a userId")
        return self


class Agreement(Common):
    """A data usage agreement. Without an id it takes the one in the path."""

    data_usage_agreement_specification: str | None = None
    id: Text | None = None
    info: Info
    provider: Provider
    consumer: Consumer
