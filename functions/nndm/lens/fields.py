"""Fields: which place of a wire document is which field of a card, and how each reads and is laid over the other.

`laid` changes a document only where it disagrees with the card, so everything that the card does not speak of (unknown
fields, nulls, key order) stays as the client sent it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from souk.catalogue import Card, Document
from souk.store.port import Record

DIALECT = "nndm"


def text(value: Any) -> Any:
    """A string, or None."""
    return value if isinstance(value, str) else None


def filled(value: Any) -> Any:
    """A string that is not blank, or None."""
    return value if isinstance(value, str) and value.strip() else None


def truth(value: Any) -> Any:
    """A boolean, or None."""
    return value if isinstance(value, bool) else None


def mapping(value: Any) -> Any:
    """An object, or None when there is none or nothing in it."""
    return value if isinstance(value, dict) and value else None


def texts(value: Any) -> Any:
    """The strings of an array, or None when there is none."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) and value else None


def as_it_is(value: Any, _standing: Any) -> Any:
    """The card's value on the wire."""
    return value


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `read` gives the card's value of a wire value (None: not given); `write` gives the wire value of a
    card's value, seeing the wire value that stood there.
    """

    card: str
    path: tuple[str, ...]
    read: Callable[[Any], Any] = text
    write: Callable[[Any, Any], Any] = as_it_is


Fields = tuple[Field, ...]


def simple(*names: str) -> Fields:
    """Text fields that have the same name on both sides."""
    return tuple(Field(name, (name,)) for name in names)


def find(document: Any, path: Iterable[str]) -> Any:
    """The value at the path, or None."""
    for step in path:
        document = document.get(step) if isinstance(document, dict) else None
    return document


def custom_owner(document: Document) -> Card:
    """The owner that a document of the Bitol standards names in the custom property `owner`."""
    properties = document.get("customProperties")
    for entry in properties if isinstance(properties, list) else ():
        if isinstance(entry, dict) and entry.get("property") == "owner" and isinstance(entry.get("value"), str):
            return {"owner": entry["value"]}
    return {}


def unseen(fields: Fields, card: Card) -> Card:
    """What the card holds beside these fields."""
    seen = {field.card for field in fields}
    return {name: value for name, value in card.items() if name not in seen}


def read(fields: Fields, document: Document) -> Card:
    """What the document says of these fields."""
    card: Card = {}
    for field in fields:
        value = field.read(find(document, field.path))
        if value is not None:
            card[field.card] = value
    return card


def keep_nothings(fields: Fields, card: Card, before: Card) -> None:
    """Absent, empty and false mean the same here, and not in every door: a nothing that stood stays as it stood."""
    for field in fields:
        if card.get(field.card):
            continue
        card.pop(field.card, None)
        if field.card in before and not before[field.card]:
            card[field.card] = before[field.card]


def laid(fields: Fields, document: Document, card: Card) -> Document:
    """The document with the card laid over it. The document itself is not changed."""
    for field in fields:
        standing = find(document, field.path)
        wanted = card.get(field.card)
        # Absent, empty and false mean the same in every optional field: no reason to touch what was sent.
        if (field.read(standing) or None) != (wanted or None):
            document = _with(document, field.path, None if wanted is None else field.write(wanted, standing))
    return document


def _with(document: Any, path: tuple[str, ...], value: Any) -> Document:
    changed = dict(document) if isinstance(document, dict) else {}
    name, rest = path[0], path[1:]
    if rest:
        changed[name] = _with(changed.get(name), rest, value)
    elif value is None:
        changed.pop(name, None)
    else:
        changed[name] = value
    return changed


@dataclass(frozen=True, slots=True)
class FieldLens:
    """A lens for a kind whose card is no more than its fields."""

    fields: Fields
    dialect: str = DIALECT

    def card(self, document: Document, before: Card | None = None) -> Card:
        """The card after a write of the document."""
        return unseen(self.fields, before or {}) | read(self.fields, document)

    def show(self, record: Record) -> Document:
        """The record as this door shows it: as it was sent, where this door wrote last."""
        view = record.body.get("views", {}).get(self.dialect)
        if view is not None and record.body.get("shaped") == self.dialect:
            return dict(view)
        return laid(self.fields, view or {"id": record.id}, record.body["card"])
