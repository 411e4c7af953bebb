"""The versions of the products that are in a domain, as lists to be paged through."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from souk.access.authority import domains_of
from souk.catalogue import facet
from souk.ids import as_uuid
from souk.products import card as cards
from souk.releases.keeping import BY_DOMAIN
from souk.releases.listing import Show, Source
from souk.releases.model import Version
from souk.releases.product import fetch_products_of, keys_of_product, product_with_id
from souk.releases.reading import find_version, keys_of_version
from souk.releases.seeing import version_of
from souk.store.port import Listed
from souk.work import Work


def sources_of(work: Work, domains: Sequence[str]) -> list[Source[Version]]:
    """Two lists for each domain: versions by what they say themselves, then those that show a product's card.

    A version stands in one of them only: a card that is in several of the domains is told in the first.
    """
    found: list[Source[Version]] = []
    for number, domain in enumerate(domains):
        found.append(Source(facet(BY_DOMAIN, domain), _stored(work)))
        found.append(Source(facet(f"{cards.KIND}/by-domain", domain), _mirrors(work, frozenset(domains[:number]))))
    return found


def _stored(work: Work) -> Show[Version]:
    """Versions that mirror no card: one that does may be in another domain by now, and is told with its card."""

    def show(batch: Sequence[Listed]) -> list[Version | None]:
        work.fetch(entry.key for entry in batch)
        records = [work.at(entry.key) for entry in batch]
        fetch_products_of(work, (record for record in records if record))
        shown = [
            version_of(one, product_with_id(work, one.body["card"]["product"])) if one else None for one in records
        ]
        return [version if version and not version.mirrors else None for version in shown]

    return show


def _mirrors(work: Work, told: Collection[str]) -> Show[Version]:
    def show(batch: Sequence[Listed]) -> list[Version | None]:
        work.fetch(entry.key for entry in batch)
        records = [work.at(entry.key) for entry in batch]
        wanted = [one if one and domains_of(one.body["card"]).isdisjoint(told) else None for one in records]
        work.fetch(key for one in wanted if one for key in keys_of_product(as_uuid(cards.KIND, one.id)))
        mirrors = [product_with_id(work, one.id).mirror if one else None for one in wanted]
        work.fetch(key for mirror in mirrors if mirror for key in keys_of_version(mirror, None))
        return [find_version(work, mirror) if mirror else None for mirror in mirrors]

    return show
