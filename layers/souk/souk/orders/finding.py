"""Orders that a caller may see, found by the shortest list that holds them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from souk.catalogue import facet
from souk.identity.membership import teams_of
from souk.identity.principal import Principal
from souk.orders.model import KIND, OrderCard, by_owner, by_product, by_version, card_of
from souk.orders.rights import leads, sees_all
from souk.store.port import Record
from souk.work import Work

MAX_EXAMINED = 5000
"""Orders that one query looks at; name an owner, a release or a time to reach further."""
_MAX_PRODUCTS = 500


def find_orders(work: Work, by: Principal, *, owner: str | None, version: str | None) -> Iterator[Record]:
    """The caller's orders and those of products on whose side the caller is; keys, governance and auditors see all."""
    names = _lists(work, by, owner, version)
    seen: set[str] = set()
    sides: dict[str, bool] = {}
    for found in islice(_records(work, names), MAX_EXAMINED):
        if found.id not in seen and _visible(work, card_of(found), by, sides):
            seen.add(found.id)
            yield found


def _visible(work: Work, card: OrderCard, by: Principal, sides: dict[str, bool]) -> bool:
    """As `rights.may_see`; on whose side the caller is, is asked once for each product."""
    if sees_all(by) or card["owner"] == by.label:
        return True
    product = card["product"]
    if product not in sides:
        sides[product] = leads(work, product, by)
    return sides[product]


def _records(work: Work, names: Iterable[str]) -> Iterator[Record]:
    for name in names:
        yield from work.records(name, reverse=True)


def _lists(work: Work, by: Principal, owner: str | None, version: str | None) -> list[str]:
    if owner is not None:
        return [by_owner(owner)]
    if version is not None:
        return [by_version(version)]
    if sees_all(by):
        return [KIND]
    return [by_owner(by.label), *(by_product(product) for product in _led(work, by))]


def _led(work: Work, by: Principal) -> list[str]:
    """Products on whose side the caller is."""
    places = [facet("product/by-domain", domain) for domain in sorted(by.managed_domains)]
    places += [facet("product/by-owner", team) for team in sorted(teams_of(by, work))]
    found = (record.id for place in places for record in work.records(place))
    return list(dict.fromkeys(islice(found, _MAX_PRODUCTS)))
