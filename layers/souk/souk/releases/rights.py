"""Who may write versions: keys, governance, managers of the domain, the owner team, and whoever made them."""

from __future__ import annotations

from souk.access.authority import domains_of
from souk.errors import NotAllowed
from souk.identity.permissions import may_write
from souk.identity.principal import Principal
from souk.releases.model import Version
from souk.releases.product import Product
from souk.work import Work


def demand_writer(work: Work, principal: Principal, product: Product, version: Version | None = None) -> None:
    """The caller may change this product's versions. Raises NotAllowed."""
    card = product.card or (version.card if version else None)
    makers = [
        product.card.get("created_by") if product.card else None,
        product.offering["created_by"] if product.offering else None,
        version.created_by if version else None,
    ]
    owner = card.get("owner") if card else None
    if not may_write(principal, work, owner=owner, domain=domains_of(card), person=makers):
        raise NotAllowed("only its maker, its owner team, a manager of its domain, or governance may do this")
