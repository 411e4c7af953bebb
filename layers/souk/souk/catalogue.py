"""How the catalogue keeps a record: a card, a view per dialect, its places in lists, its references.

Body of a record: `{"card": {...}, "views": {"<dialect>": {...}}, "shaped": "<dialect>"}` (docs/architecture.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from souk import clock, jsontext
from souk.errors import Invalid
from souk.ids import key_from_cuid, key_from_uuid, record_key
from souk.store.port import MAX_CHANGES, Commit, Entry, Put, Record
from souk.work import Work

MAX_ID = 256
"""Characters of an id that a client chooses."""
MAX_LINKS = MAX_CHANGES - 10
"""Places in lists and references that one record may have, and that one write may change. The rest of a commit is
for the record itself, its events, the checks of its owner, and an idempotency key."""
_KEY_WIDTH = 24
_PRECISION_BITS = 5

Document = dict[str, Any]
Card = dict[str, Any]


class View(NamedTuple):
    """The document as a client of one dialect sent it; None when the dialect's own view stays as it is."""

    dialect: str
    document: Document | None


class Lens(Protocol):
    """What a command needs of a door: how a document reads as a card, and how a record shows."""

    @property
    def dialect(self) -> str:
        """Name of the dialect whose view a record keeps."""
        ...

    def card(self, document: Document, before: Card | None) -> Card:
        """The card after a write of the document; what the door does not see is taken from `before`."""
        ...

    def show(self, record: Record) -> Document:
        """The record in this door's words."""
        ...


def keep(
    work: Work,
    kind: str,
    exact_id: str,
    card: Mapping[str, Any],
    view: View,
    *,
    lists: Iterable[str | Entry] = (),
    references: Iterable[tuple[str, str]] = (),
    shelf: str | None = None,
) -> Record:
    """Stage the record, new or replaced. Views of other dialects stay.

    `shelf` is the list that shows all of them, by default the one named as the kind. The entry there tells the size of
    the document, so that pages can be cut without reading it.
    Raises Invalid for an id that another record is shown under, and for more than MAX_LINKS links.
    """
    before = work.find(kind, exact_id)
    if before is None:
        refuse_rendering(work, kind, exact_id)
    views = dict(before.body.get("views", {})) if before else {}
    if view.document is not None:
        views[view.dialect] = view.document
    body = {"card": card, "views": views, "shaped": view.dialect}
    created = before.created if before else clock.text(work.now)
    size = size_class(len(jsontext.dump(views.get(view.dialect, card))))
    places = [Entry(shelf or kind, created, str(size)), *dict.fromkeys(lists)]
    record = work.save(kind, exact_id, body, lists=places, references=references, listed=False)
    _check_links(record, before)
    return record


def refuse_rendering(work: Work, kind: str, exact_id: str) -> None:
    """Raises Invalid when another record of this kind is shown under this id by a door that shows keys.

    Costs a read only for ids of such a shape (UUIDv8, base 36).
    """
    keys = rendering_keys(exact_id)
    work.fetch(keys)
    for key in keys:
        other = work.at(key)
        if other is not None and other.kind == kind and other.id != exact_id:
            raise Invalid(f"id: '{exact_id}' already stands for the record with the id '{other.id}'")


def rendering_keys(exact_id: str) -> list[str]:
    """Keys of the records that doors may show under this id, to be read together with it."""
    found = key_from_uuid(exact_id), key_from_cuid(exact_id), _as_key(exact_id)
    return list(dict.fromkeys(key for key in found if key))


def facet(name: str, value: str) -> str:
    """The list `<name>/<value>`; values longer than an id are hashed, since the names of lists are bounded."""
    return f"{name}/{value}" if len(value) <= MAX_ID else f"{name}/#{record_key('facet', value)}"


def size_class(size: int) -> int:
    """The size rounded up by at most 6 %, so that small edits leave the entry as it is."""
    shift = max(size.bit_length() - _PRECISION_BITS, 0)
    return -(-size >> shift) << shift


def _as_key(text: str) -> str | None:
    return key_from_cuid("c" + text) if len(text) == _KEY_WIDTH else None


def _check_links(record: Record, before: Record | None) -> None:
    links = len(record.entries) + len(record.references)
    changes = Commit("", puts=[Put(record, before)]).size() - 1
    if max(links, changes) > MAX_LINKS:
        own = len(record.entries)
        raise Invalid(
            f"this {record.kind} names {len(record.references)} other records and stands in {own} lists; "
            f"a record may have, and one write may change, {MAX_LINKS} such links in all"
        )
