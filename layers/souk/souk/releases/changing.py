"""Changing and retiring releases."""

from __future__ import annotations

from souk.errors import Conflict, Invalid
from souk.identity.principal import Principal
from souk.products.saving import save_card
from souk.releases.keeping import keep_offering, keep_version, shown
from souk.releases.mirroring import as_stored, published_card, settle
from souk.releases.model import AVAILABLE, RETIRED, Content, OfferingCard, ReleaseCard, Shape, Version
from souk.releases.obstacles import obstacles_of
from souk.releases.product import Product, product_with_id
from souk.releases.reading import versions_of
from souk.releases.rights import demand_giver, demand_owner_of_card, demand_writer
from souk.work import Work


def change_release(work: Work, release: Version, shape: Shape, principal: Principal, dialect: str) -> Version:
    """Give the release new content. One that mirrors the card changes the card too.

    Raises NotAllowed, Conflict for a version number that another version has, and Invalid for a fault that would
    have kept an available release from being published.
    """
    product = product_with_id(work, release.product)
    demand_writer(work, principal, product, release)
    demand_owner_of_card(work, principal, product)
    content = shape(release)
    demand_giver(work, principal, content.card, release.card)
    card = as_stored(release)
    if release.state == AVAILABLE:
        _demand_no_new_obstacle(work, card, content)
    card["content"] = content.card
    if content.number not in {None, release.number}:
        card["version"] = _free_number(work, product, release, str(content.number))
        card["content"] = {**content.card, "version": card["version"]}
    if release.mirrors:
        product = settle(work, product)
        before = product.card
        assert before is not None
        after = published_card(before, card["content"], before.get("status"))
        save_card(work, product.id, after, dialect)
    return shown(work, keep_version(work, release.id, card, {**release.views, **content.view}))


def retire(work: Work, release: Version, principal: Principal, dialect: str) -> Version:
    """Retire the release. The card is retired with the last available one. Raises NotAllowed, Conflict."""
    product = product_with_id(work, release.product)
    demand_writer(work, principal, product, release)
    demand_owner_of_card(work, principal, product)
    if release.state != AVAILABLE:
        raise Conflict(f"only an available release can be retired; this version is {release.state}")
    others = [one for one in versions_of(work, product) if one.state == AVAILABLE and one.id != release.id]
    card = as_stored(release)
    card["state"] = RETIRED
    product = settle(work, product)
    if release.mirrors or not others:
        _let_go(work, product, last=not others)
    if not others:
        _retire_card(work, product, dialect)
    return shown(work, keep_version(work, release.id, card, release.views))


def _demand_no_new_obstacle(work: Work, card: ReleaseCard, content: Content) -> None:
    """What stood in the way before may stay: a card of another door owes nothing to the rules of publishing."""
    before, after = card["content"], content.card
    if before["ports"] == after["ports"] and before.get("domain") == after.get("domain"):
        return
    known = set(obstacles_of(work, card))
    problems = [one for one in obstacles_of(work, {**card, "content": after}) if one not in known]
    if problems:
        raise Invalid(problems[0], problems)


def _let_go(work: Work, product: Product, *, last: bool) -> None:
    offering = product.offering
    assert offering is not None
    keep_offering(work, product, OfferingCard(**{**offering, "mirror": None if last else ""}))


def _retire_card(work: Work, product: Product, dialect: str) -> None:
    if product.card is not None:
        save_card(work, product.id, {**product.card, "status": RETIRED}, dialect)


def _free_number(work: Work, product: Product, release: Version, number: str) -> str:
    others = (one for one in versions_of(work, product) if one.id != release.id and one.state != RETIRED)
    if any(one.number == number for one in others):
        raise Conflict(f"version {number} exists already", code="already_exists")
    return number
