"""Who may write versions: keys, governance, managers of the domain, the owner team, and whoever made them."""

from __future__ import annotations

from souk.access.authority import domains_of
from souk.errors import NotAllowed
from souk.identity.membership import may_act_for
from souk.identity.principal import GOVERNANCE, Principal
from souk.products.card import Card
from souk.releases.model import Version
from souk.releases.product import Product
from souk.work import Work


def demand_writer(work: Work, principal: Principal, product: Product, version: Version | None = None) -> None:
    """The caller may change this product's versions. Raises NotAllowed."""
    card = product.card or (version.card if version else None)
    if principal.kind == "key" or GOVERNANCE in principal.permissions:
        return
    if _made_by(principal, product, version) or principal.managed_domains & domains_of(card):
        return
    if not _owns(work, principal, card):
        raise NotAllowed("only its maker, its owner team, a manager of its domain, or governance may do this")


def _made_by(principal: Principal, product: Product, version: Version | None) -> bool:
    makers = {product.card.get("created_by", "")} if product.card else set()
    if product.offering:
        makers.add(product.offering["created_by"])
    if version:
        makers.add(version.created_by)
    return bool((makers - {""}) & {principal.id, principal.label})


def _owns(work: Work, principal: Principal, card: Card | None) -> bool:
    owner = card.get("owner") if card else None
    return bool(owner) and may_act_for(principal, str(owner), work)
