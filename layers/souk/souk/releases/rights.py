"""Who may write versions: keys, governance, managers of the domain, the owner team, and whoever made them."""

from __future__ import annotations

from souk.access.authority import domains_of
from souk.errors import NotAllowed
from souk.identity.permissions import may_write
from souk.identity.principal import Principal
from souk.ids import record_key
from souk.products.card import Card
from souk.products.places import is_kept
from souk.releases.model import Version
from souk.releases.product import Product
from souk.work import Work


def demand_writer(work: Work, principal: Principal, product: Product, version: Version | None = None) -> None:
    """The caller may change this product's versions. Raises NotAllowed.

    A card that another door made under the id of a product that was only drafted here gives no right to the drafts.
    """
    card = product.card if product.card and not product.foreign_card else version.card if version else None
    makers = [
        card.get("created_by") if card else None,
        product.offering["created_by"] if product.offering else None,
        version.created_by if version else None,
    ]
    _demand(work, principal, card, makers)


def demand_owner_of_card(work: Work, principal: Principal, product: Product) -> None:
    """And the drafts give no right to that card: who would join both must have both. Raises NotAllowed."""
    if product.foreign_card and product.card:
        _demand(work, principal, product.card, [product.card.get("created_by")])


def demand_giver(work: Work, principal: Principal, wanted: Card, before: Card | None = None) -> None:
    """Whoever offers data that is kept here may write what describes it: else a product would open another's files.

    Parts that `before` had are not asked about again; pages are nobody's to keep, and from doubted parts nothing is
    delivered. Raises NotAllowed.
    """
    known = {port.get("asset") for port in before["ports"] if not port.get("doubted")} if before else set()
    asked = [port["asset"] for port in wanted["ports"] if port.get("asset") and not port.get("doubted")]
    offered = [asset for asset in asked if asset not in known]
    work.fetch(record_key("asset", asset) for asset in offered)
    for asset in offered:
        record = work.find("asset", asset)
        card = record.body["card"] if record else {}
        if is_kept(card) and not may_write(principal, work, owner=card.get("owner"), domain=card.get("domain")):
            raise NotAllowed(f"only who may write the asset {asset!r} may offer what it holds")


def _demand(work: Work, principal: Principal, card: Card | None, makers: list[str | None]) -> None:
    owner = card.get("owner") if card else None
    if not may_write(principal, work, owner=owner, domain=domains_of(card), person=makers):
        raise NotAllowed("only its maker, its owner team, a manager of its domain, or governance may do this")
