"""Products as the index holds them: every version of one product, read from the records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from souk.ids import as_uuid, is_uuid, record_key
from souk.organisation import domains
from souk.products import card as cards
from souk.products.card import is_restricted
from souk.releases.model import DRAFTS_LIST, OFFERING, PUBLISHED_LIST, Version
from souk.releases.product import keys_of_product, product_with_id
from souk.releases.reading import versions_of
from souk.releases.seeing import part_uuid
from souk.search.changes import Position, changed_since, present
from souk.search.index import Found, Index
from souk.store.port import EntityStore, Store
from souk.work import Work

_BATCH = 50


def catch_up(store: Store, index: Index) -> int:
    """Apply what changed since the index's position. How many products were read."""
    with index.lock:
        products, position = changed_since(store, index.position, index.seen)
        apply(store, index, products)
        if position != index.position:
            index.moved(position)
    return len(products)


def rebuild(store: Store) -> Index:
    """A new index made from the records. What changes meanwhile is caught up with later."""
    index = Index()
    start: Position = present(store)
    apply(store, index, _all_products(store))
    index.moved(start)
    return index


def apply(store: EntityStore, index: Index, products: Iterable[str]) -> None:
    """Read these products anew."""
    waiting = iter(products)
    while batch := list(islice(waiting, _BATCH)):
        work = Work(store)
        work.fetch(key for product in batch for key in keys_of_product(as_uuid(cards.KIND, product)))
        for product in batch:
            index.replace(product, _versions(work, product))


def _all_products(store: EntityStore) -> Iterator[str]:
    seen: set[str] = set()
    work = Work(store)
    for name in (cards.KIND, OFFERING, DRAFTS_LIST, PUBLISHED_LIST):
        for record in work.records(name):
            product = record.id if record.kind == cards.KIND else record.body["card"]["product"]
            if product not in seen:
                seen.add(product)
                yield product
        work = Work(store)


def _versions(work: Work, product: str) -> list[Found]:
    versions = versions_of(work, product_with_id(work, product))
    named = {one.card.get("domain", "") for one in versions} - {""}
    work.fetch(record_key(domains.KIND, domain) for domain in named)
    return [_found(work, one) for one in versions]


def _found(work: Work, version: Version) -> Found:
    card = version.card
    domain = card.get("domain") or ""
    known = work.find(domains.KIND, domain) if domain else None
    name = known.body["card"]["name"] if known else "" if is_uuid(domain) else domain
    named = next((str(view["domain"].get("name") or "") for view in version.views.values() if "domain" in view), "")
    return Found(
        id=version.id,
        product=version.product,
        product_uuid=as_uuid(cards.KIND, version.product),
        number=version.number,
        state=version.state,
        name=card["title"],
        description=card.get("description", ""),
        tags=list(map(str, card.get("tags", []))),
        domain=domain,
        domain_uuid=as_uuid(domains.KIND, domain) if domain else "",
        domain_name=name or named,
        parts=[_part(version, number) for number in range(len(card["ports"]))],
        restricted=is_restricted(card),
        created=version.created,
        created_by=version.created_by,
        updated=version.updated,
    )


def _part(version: Version, number: int) -> dict[str, object]:
    port = version.card["ports"][number]
    methods = port.get("delivery_methods")
    return {"asset": part_uuid(version.product, port), "name": port["name"], "methods": methods}
