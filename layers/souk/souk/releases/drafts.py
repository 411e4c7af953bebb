"""Drafts: made from nothing or from the latest version, changed, deleted."""

from __future__ import annotations

from uuid import uuid4

from souk.errors import Conflict
from souk.identity.principal import Principal
from souk.products import card as cards
from souk.releases import numbers
from souk.releases.keeping import CHANGES, keep_offering, keep_version, shown, stored
from souk.releases.leftovers import leave
from souk.releases.mirroring import settle
from souk.releases.model import (
    DRAFT,
    FIRST_VERSION,
    KIND,
    OFFERING,
    RETIRED,
    Content,
    OfferingCard,
    ReleaseCard,
    Shape,
    Terms,
    Version,
)
from souk.releases.product import Product, product_with_id
from souk.releases.reading import versions_of
from souk.releases.rights import demand_owner_of_card, demand_writer
from souk.store.port import Record
from souk.work import Work


def create_product(work: Work, shape: Shape, principal: Principal) -> Version:
    """Make a product that is a draft only: no card yet, so no other door shows it. Raises Invalid."""
    content = shape(None)
    product_id = work.new_id(cards.KIND)
    product = Product(product_id, product_id, None, None)
    work.new_id(OFFERING, product_id)
    version_id = work.new_id(KIND)
    offering = OfferingCard(
        product=product.id, name=content.card["title"], created_by=principal.label, published=False, mirror=None
    )
    keep_offering(work, product, offering)
    return _keep_new(work, product, version_id, content, content.number or FIRST_VERSION, principal)


def create_draft(work: Work, product: Product, shape: Shape, principal: Principal) -> Version:
    """Make a further draft; what `shape` does not give comes from the latest version.

    Raises NotAllowed, Invalid, and Conflict for a version number that is in draft or available already.
    """
    versions = versions_of(work, product)
    latest = versions[-1] if versions else None
    demand_writer(work, principal, product, latest)
    demand_owner_of_card(work, principal, product)
    content = shape(latest)
    taken = {version.number for version in versions if version.state != RETIRED}
    if content.number in taken:
        raise Conflict(f"version {content.number} exists already", code="already_exists")
    number = content.number or numbers.raised(latest.number if latest else None, taken)
    settle(work, product)
    return _keep_new(work, product, work.new_id(KIND), content, number, principal)


def change_draft(work: Work, draft: Version, shape: Shape, principal: Principal) -> Version:
    """Give the draft new content. Raises NotAllowed, Invalid, and Conflict when it is none or is being published."""
    product = product_with_id(work, draft.product)
    demand_writer(work, principal, product, draft)
    record = writable(draft)
    content = shape(draft)
    card = stored(record)
    if content.number not in {None, card["version"]}:
        _refuse_taken(work, product, str(content.number))
        card["version"] = str(content.number)
        settle(work, product)
    card["content"] = content.card
    card.pop("problems", None)
    _rename(work, product, content.card["title"])
    return shown(work, keep_version(work, record.id, card, {**record.body["views"], **content.view}))


def delete_draft(work: Work, draft: Version, principal: Principal) -> None:
    """Delete the draft. Raises NotAllowed, and Conflict when it is none or is being published."""
    demand_writer(work, principal, product_with_id(work, draft.product), draft)
    record = writable(draft)
    work.remove(record)
    leave(work, draft.terms["documents"])
    work.line(CHANGES, draft.product)


def writable(draft: Version) -> Record:
    """The draft's record. Raises Conflict when it is no draft any more, or is being published."""
    if draft.state != DRAFT or draft.record is None:
        raise Conflict(f"only a draft can be changed; this version is {draft.state}")
    if draft.publishing:
        raise Conflict("the draft is being published")
    return draft.record


def _keep_new(
    work: Work, product: Product, version_id: str, content: Content, number: str, principal: Principal
) -> Version:
    card = ReleaseCard(
        product=product.id,
        state=DRAFT,
        version=number,
        content=content.card,
        terms=Terms(id=str(uuid4()), documents=list(content.documents)),
        created_by=principal.label,
    )
    return shown(work, keep_version(work, version_id, card, content.view))


def _refuse_taken(work: Work, product: Product, number: str) -> None:
    taken = {version.number for version in versions_of(work, product) if version.state != RETIRED}
    if number in taken:
        raise Conflict(f"version {number} exists already", code="already_exists")


def _rename(work: Work, product: Product, name: str) -> None:
    offering = product.offering
    if offering and product.card is None and offering["name"] != name:
        keep_offering(work, product, {**offering, "name": name})
