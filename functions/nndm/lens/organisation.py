"""Teams, source systems, definitions (contract sections 3.4 to 3.6)."""

from __future__ import annotations

from typing import Any

from nndm.lens.fields import Field, FieldLens, simple, text, texts, truth
from souk.catalogue import Card, Document

_NUMBERS = ("minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def _read_members(value: Any) -> Any:
    if not isinstance(value, list):
        return None
    members = [_member(item) for item in value if isinstance(item, dict)]
    return members or None


def _member(item: Document) -> Card:
    named = {"email": text(item.get("emailAddress")), "role": text(item.get("role"))}
    return {name: value for name, value in named.items() if value is not None}


def _write_members(members: list[Card], standing: Any) -> list[Document]:
    sent = [item for item in standing if isinstance(item, dict)] if isinstance(standing, list) else []
    return [_shown(member, sent) for member in members]


def _shown(member: Card, sent: list[Document]) -> Document:
    same = next((item for item in sent if _member(item) == member), None)
    return same or {
        wire: member[name] for wire, name in (("emailAddress", "email"), ("role", "role")) if name in member
    }


TEAM = FieldLens(
    (
        *simple("name", "type", "description", "parent"),
        Field("members", ("members",), _read_members, _write_members),
        Field("tags", ("tags",), texts),
    )
)

SOURCE_SYSTEM = FieldLens((*simple("name", "owner", "description"), Field("tags", ("tags",), texts)))


def _number(value: Any) -> Any:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


DEFINITION = FieldLens(
    (
        *simple("name", "owner", "domain", "title", "description", "type", "format", "pattern", "classification"),
        *(Field(name, (name,), _number) for name in _NUMBERS),
        Field("example", ("example",)),
        Field("enum", ("enum",), texts),
        Field("tags", ("tags",), texts),
        Field("pii", ("pii",), truth),
    )
)
