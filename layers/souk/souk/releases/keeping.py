"""How versions and offerings are stored, and in which lists they stand."""

from __future__ import annotations

from typing import Any, cast

from souk import clock
from souk.catalogue import facet
from souk.releases.model import (
    DRAFT,
    DRAFTS_LIST,
    KIND,
    OFFERING,
    PUBLISHED_LIST,
    OfferingCard,
    ReleaseCard,
    Version,
)
from souk.releases.product import Product, product_with_id
from souk.releases.seeing import part_uuid, version_of
from souk.store.port import Entry, Record
from souk.work import Work

BY_ASSET = f"{KIND}/by-asset"
"""Versions by the UUID of an asset that is a part of them."""
BY_DOMAIN = f"{KIND}/by-domain"
"""Versions by the domain that their own content names; one that mirrors a card may be in another by now."""
CHANGES = "search/changes"
"""Products whose versions changed, by the instant of the change: a search index follows it."""
MAX_INDEXED_PARTS = 40
"""So many parts of a version are found by their asset: places in lists count against what a commit may touch."""


def by_product(exact_id: str) -> str:
    """The list of a product's stored versions, by creation. An entry's view is `<state> <version number>`."""
    return facet(f"{KIND}/by-product", exact_id)


def keep_version(work: Work, version_id: str, card: ReleaseCard, views: dict[str, Any]) -> Record:
    """Stage a version with its places in lists; one that is being published is due for healing."""
    live = work.find(KIND, version_id)
    created = card.get("made") or (live.created if live else clock.text(work.now))
    view = f"{card['state']} {card['version']}"
    entries = [
        Entry(by_product(card["product"]), created, view),
        Entry(DRAFTS_LIST if card["state"] == DRAFT else PUBLISHED_LIST, created, view),
    ]
    domain = card["content"].get("domain")
    entries += [Entry(facet(BY_DOMAIN, domain), created)] if domain else []
    ports = card["content"]["ports"][:MAX_INDEXED_PARTS]
    assets = {part_uuid(card["product"], port) for port in ports}
    entries += [Entry(facet(BY_ASSET, asset), created) for asset in sorted(assets)]
    if "publishing" in card:
        entries.append(Entry("due", card["publishing"]["due"], KIND))
    work.line(CHANGES, card["product"])
    return work.save(KIND, version_id, {"card": card, "views": views}, lists=entries, listed=False)


def keep_offering(work: Work, product: Product, card: OfferingCard) -> Record:
    """Stage an offering. It is in the list of offerings while its product has no card."""
    return work.save(OFFERING, product.uuid, {"card": card}, listed=not card["published"])


def stored(record: Record) -> ReleaseCard:
    """A copy of the version's card, to be changed and kept."""
    return cast(ReleaseCard, dict(record.body["card"]))


def shown(work: Work, record: Record) -> Version:
    """The version as it shows with what this work has staged."""
    version = version_of(record, product_with_id(work, record.body["card"]["product"]))
    assert version is not None
    return version
