"""Contract terms documents (contract 3.4)."""

from __future__ import annotations

from typing import Literal

from dpx.lens.content import Wire
from dpx.schemas.fields import Id, Name, Shape, Url, checked


class DocumentPrototype(Shape):
    """A new document: a link when it has a url, else an attachment."""

    id: Id | None = None
    type: Literal["terms_and_conditions", "sla"]
    name: Name
    url: Url | None = None


def new_document(body: Wire) -> Wire:
    """The fields of a new document. Raises Invalid."""
    fields: Wire = checked(DocumentPrototype, body)
    return {key: fields[key] for key in ("id", "type", "name", "url") if key in fields}
