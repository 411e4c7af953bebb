"""Keeping the card and the release that mirrors it in step."""

from __future__ import annotations

from typing import Any, cast

from souk import clock
from souk.products.card import Card, Port, domains_after
from souk.releases.keeping import keep_offering, keep_version, stored
from souk.releases.model import OfferingCard, ReleaseCard, Version
from souk.releases.product import Product, product_with_id
from souk.releases.reading import find_version
from souk.work import Work

_TAKEN = ("title", "description", "domain", "tags", "types", "use_cases", "version", "restricted")
"""What a release says about its product. Everything else on the card stays as other doors set it."""
_PORT_TAKEN = ("name", "asset", "delivery_methods", "auto_approve")


def settle(work: Work, product: Product) -> Product:
    """Give the product an offering of today, and a record to a release that only the card stood for.

    Staging the offering also puts writers of one product's version numbers in a row.
    """
    offering = product.offering
    if product.card is not None and (offering is None or not offering["published"]):
        freeze_mirror(work, product)
        offering = offering_of(product, published=True, mirror=product.uuid)
    elif offering is not None and product.deleted:
        offering = {**offering_of(product, published=False, mirror=None), "ended": clock.text(work.now)}
    assert offering is not None
    keep_offering(work, product, offering)
    return product_with_id(work, product.id)


def freeze_mirror(work: Work, product: Product) -> str:
    """Let the release that mirrors the card keep, as its own, what it shows now. When it was published, or ""."""
    mirror = find_version(work, product.mirror, product.uuid) if product.mirror else None
    if mirror is None:
        return ""
    keep_version(work, mirror.id, as_stored(mirror), mirror.views)
    return mirror.published_at


def as_stored(version: Version) -> ReleaseCard:
    """The version as it shows now, to be kept as a snapshot."""
    card = stored(version.record) if version.record else cast(ReleaseCard, {"made": version.created})
    card |= {
        "product": version.product,
        "state": version.state,
        "version": version.number,
        "content": version.card,
        "terms": version.terms,
        "created_by": version.created_by,
    }
    if version.published_at:
        card |= {"published_by": version.published_by, "published_at": version.published_at}
    return card


def published_card(before: Card | None, content: Card, status: str | None) -> Card:
    """The product's card after a publish: what releases say comes from the content, the rest stays."""
    card: dict[str, Any] = dict(before or {"origin": content["origin"]})
    for name in _TAKEN:
        card.pop(name, None)
        if name in content:
            card[name] = content.get(name)
    ports = {port["id"]: port for port in before["ports"]} if before else {}
    card["ports"] = [_published_port(ports.get(port["id"]), port) for port in content["ports"]]
    if status is not None:
        card["status"] = status
    for name in ("created_by", "owner"):
        if name in content:
            card.setdefault(name, content.get(name))
    if "domains" in card:
        card["domains"] = domains_after(card if before is None else before, card.get("domain"))
    return cast(Card, card)


def _published_port(before: Port | None, port: Port) -> Port:
    if before is None:
        return port
    kept = {name: value for name, value in before.items() if name not in _PORT_TAKEN}
    taken = {name: port.get(name) for name in _PORT_TAKEN if name in port}
    return cast(Port, {**port, **kept, **taken})


def offering_of(product: Product, *, published: bool, mirror: str | None) -> OfferingCard:
    """The product's offering with this mirror; whatever else it says stays."""
    made_by = product.card.get("created_by", "") if product.card else ""
    standing = product.offering or OfferingCard(
        product=product.id, name=product.name, created_by=made_by, published=published, mirror=mirror
    )
    return {**standing, "name": product.name, "published": published, "mirror": mirror}
