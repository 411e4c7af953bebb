"""The versions of the products that are in a domain."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice

from souk.access.authority import domains_of
from souk.catalogue import facet
from souk.ids import as_uuid
from souk.products import card as cards
from souk.releases.keeping import BY_DOMAIN
from souk.releases.model import Version
from souk.releases.product import fetch_products_of, get_product, keys_of_product, product_with_id
from souk.releases.reading import find_version
from souk.releases.seeing import version_of
from souk.store.port import Record
from souk.work import Work

MAX_EXAMINED = 2000
"""Versions and products that one domain is looked at for."""
_BATCH = 100


def versions_in(work: Work, domains: Collection[str]) -> list[Version]:
    """Every version that is in one of these domains as it shows now, oldest first."""
    found: dict[str, Version] = {}
    for domain in domains:
        stored = list(islice(work.records(facet(BY_DOMAIN, domain)), MAX_EXAMINED))
        products = list(islice(work.records(facet(f"{cards.KIND}/by-domain", domain)), MAX_EXAMINED))
        for version in (*_stored(work, stored), *_mirrors(work, products)):
            if not domains_of(version.card).isdisjoint(domains):
                found[version.id] = version
    return sorted(found.values(), key=lambda version: (version.created, version.id))


def _stored(work: Work, records: list[Record]) -> Iterator[Version]:
    for start in range(0, len(records), _BATCH):
        batch = records[start : start + _BATCH]
        fetch_products_of(work, batch)
        shown = (version_of(record, product_with_id(work, record.body["card"]["product"])) for record in batch)
        yield from (version for version in shown if version)


def _mirrors(work: Work, products: list[Record]) -> Iterator[Version]:
    """The version that shows a product's card, which other doors may have moved into the domain."""
    for start in range(0, len(products), _BATCH):
        uuids = [as_uuid(cards.KIND, record.id) for record in products[start : start + _BATCH]]
        work.fetch(key for uuid in uuids for key in keys_of_product(uuid))
        mirrors = [mirror for uuid in uuids if (mirror := get_product(work, uuid).mirror)]
        yield from (version for mirror in mirrors if (version := find_version(work, mirror)))
