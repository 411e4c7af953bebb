"""What a release record holds, and what a reader sees of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NotRequired, TypedDict

from souk.products.card import Card
from souk.store.port import Record

KIND = "release"
OFFERING = "offering"
DRAFT = "draft"
AVAILABLE = "available"
RETIRED = "retired"
FIRST_VERSION = "1.0.0"
DRAFTS_LIST = "release/by-state/draft"
"""Every draft, by creation."""
PUBLISHED_LIST = "release/by-state/published"
"""Every available or retired release that is stored, by creation."""


class Attachment(TypedDict):
    """The bytes of a document. `key` is where they lie; `etag` and `size` are known once the upload is completed."""

    id: str
    key: str
    etag: NotRequired[str]
    size: NotRequired[int]
    frozen: NotRequired[bool]
    """The bytes lie under an immutable prefix."""


class Document(TypedDict):
    """A contract terms document: a link (`url`), or an attachment."""

    id: str
    type: str
    name: str
    url: NotRequired[str]
    attachment: NotRequired[Attachment]


class Terms(TypedDict):
    """The contract terms of one version, under an id of their own."""

    id: str
    documents: list[Document]


class Publishing(TypedDict):
    """A publish under way. `attempt` names the execution."""

    attempt: str
    by: str
    due: str
    """Instant at which the sweep takes it up again, should it still be unfinished."""


class ReleaseCard(TypedDict):
    """The `card` of a release record. `content` is the snapshot of the product's card."""

    product: str
    state: str
    version: str
    content: Card
    terms: Terms
    created_by: str
    made: NotRequired[str]
    """Instant of creation, where that is before the record's own."""
    published_by: NotRequired[str]
    published_at: NotRequired[str]
    publishing: NotRequired[Publishing]
    problems: NotRequired[list[str]]
    """Why the last publish failed; absent when none did since the last change."""
    broken: NotRequired[bool]
    """The last publish failed for no fault of the draft's."""


class OfferingCard(TypedDict):
    """What a product has beside its card. The record's id is the product's id as a UUID.

    `mirror`: the release that mirrors the card; None: the card itself shows as a release; "": no release mirrors it.
    """

    product: str
    name: str
    created_by: str
    published: bool
    mirror: str | None
    ended: NotRequired[str]
    """Instant at which the product was found to be deleted: drafts from before are gone, releases are retired."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a door makes of a client's document. `number` None: the version number is to be chosen, or stays.

    `view` is what the door keeps beside the card; `documents` are created with the version, once.
    """

    card: Card
    view: dict[str, Any]
    number: str | None = None
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """A draft or release as it shows now. Instants are text.

    `record` is None for a release that no record stands for (the card of a product made in another door).
    """

    id: str
    product: str
    state: str
    number: str
    card: Card
    terms: Terms
    created: str
    updated: str
    created_by: str
    published_by: str = ""
    published_at: str = ""
    mirrors: bool = False
    publishing: Publishing | None = None
    problems: tuple[str, ...] = ()
    broken: bool = False
    views: dict[str, Any] = field(default_factory=dict)
    record: Record | None = None


Shape = Callable[[Version | None], Content]
"""Makes the content of a version from the version it builds on (None: from nothing). May raise Invalid, Conflict."""
