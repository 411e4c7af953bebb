"""The body of "initialize" (contract 3.1, R1)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from dpx.lens.content import Wire
from dpx.schemas.fields import Id, Shape, checked
from souk.errors import Invalid
from souk.setup.catalogue import CATALOGUE


class Container(Shape):
    """The catalog to be initialized again."""

    id: Id


class Setup(Shape):
    """What to initialize. Without `include`: what R1 says."""

    container: Container | None = None
    include: (
        Annotated[list[Annotated[str, Field(min_length=1, max_length=36)]], Field(min_length=1, max_length=6)] | None
    ) = None


def options_of(body: Wire) -> list[str] | None:
    """The options asked for, None when none are named. Raises Invalid."""
    fields: Wire = checked(Setup, body)
    # The contract knows no 404 here: a container that is not ours is a wrong parameter.
    if fields.get("container", {"id": CATALOGUE})["id"] != CATALOGUE:
        raise Invalid("container.id: is not the catalog of this server")
    options: list[str] | None = fields.get("include")
    return options
