"""Domains that products are in: none goes while one moves in, and all of its products are told, however many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from souk.catalogue import View
from souk.errors import Referenced
from souk.identity.principal import Principal
from souk.organisation import domain_tree
from souk.organisation.domains import get_domain
from souk.products.card import Card
from souk.products.products import save_product
from souk.store.port import Store
from souk.work import Work, run
from tests.dpx.driver import BASE, Answer, Api, Wire
from tests.dpx.hub import CATALOG, CATALOGUE, Hub, releases, some_id
from tests.nndm.driver import Api as NndmApi
from tests.nndm.samples import product
from tests.threads import at_once

DOMAINS = f"{BASE}/domains"
KEY = Principal(kind="key", id="key-1")
MANY = 8
MORE_THAN_ONE_PAGE_LOOKS_AT = 2050
AT_A_TIME = 10
"""Products that one commit of these tests makes."""


def made(api: Api, **fields: object) -> Wire:
    domain: Wire = api.post(DOMAINS, {"container": CATALOG, "name": "Roasting"} | fields).expect(201)
    return domain


def deleting(api: Api, domain: Wire) -> Callable[[], Answer]:
    return lambda: api.delete(f"{DOMAINS}/{domain['id']}")


def moving(api: Api, release: Wire, domain: str) -> Answer:
    return api.patch(releases(release), {"op": "replace", "path": "/domain", "value": {"id": domain}})


def fill(store: Store, count: int, *domains: str) -> None:
    """So many products in these domains, made in another door."""

    def save(work: Work, first: int) -> None:
        for number in range(first, first + AT_A_TIME):
            card = Card(title=f"Batch {number}", ports=[], origin="nndm", domain=domains[0], domains=list(domains))
            save_product(work, f"batch-{number}", card, View("nndm", {}))

    for first in range(0, count, AT_A_TIME):
        run(store, lambda work: save(work, first))  # noqa: B023 - runs before the next one


def pages(api: Api, domain: Wire, limit: int) -> list[list[str]]:
    """Ids of the versions in a domain, page by page."""
    found: list[list[str]] = []
    start: str | None = ""
    while start is not None:
        target = f"{DOMAINS}/{domain['id']}/data_products?container.id={CATALOGUE}&limit={limit}{start}"
        page = api.get(target).expect(200)
        found.append([one["asset"]["id"] for one in page["data_product_versions"]])
        start = f"&start={page['next']['start']}" if "next" in page else None
    return found


def test_a_product_that_is_published_while_its_domain_is_deleted_keeps_it(api: Api, hub: Hub, store: Store) -> None:
    domain = made(api)
    draft = hub.product(domain={"id": domain["id"]})
    work = Work(store)
    domain_tree.fell(work, get_domain(work, domain["id"]), KEY)
    hub.publish(draft).expect(200)
    with pytest.raises(Referenced):
        work.commit()
    assert api.get(f"{DOMAINS}/{domain['id']}").expect(200)["id"] == domain["id"]
    deleting(api, domain)().refused(409, "conflict")


def test_a_product_of_another_door_holds_its_domain_and_those_above(api: Api, nndm: NndmApi, store: Store) -> None:
    domain = made(api, sub_domains=[{"name": "Cupping", "id": some_id()}])
    below = domain["sub_domains"][0]["id"]
    work = Work(store)
    domain_tree.fell(work, get_domain(work, domain["id"]), KEY)
    info = {"title": "Orders", "owner": "owners", "domain": below}
    nndm.made("dataproducts", product("orders") | {"info": info})
    with pytest.raises(Referenced):
        work.commit()
    assert nndm.call("DELETE", "/api/dataproducts/orders").status == 200
    deleting(api, domain)().expect(204)


def test_publishing_and_deleting_at_once_leaves_no_domain_half_gone(api: Api, hub: Hub) -> None:
    domain = made(api, id=some_id())
    drafts = [hub.product(domain={"id": domain["id"]}) for _ in range(MANY)]
    publishing = [lambda draft=draft: hub.publish(draft) for draft in drafts]
    *published, deleted = at_once(*publishing, deleting(api, domain))
    assert [one.status for one in published] == [200] * MANY
    shown = api.get(f"{DOMAINS}/{domain['id']}")
    assert (deleted.status, shown.status) in {(204, 404), (409, 200)}
    api.post(DOMAINS, {"container": CATALOG, "name": "Roasting", "id": domain["id"]})
    deleting(api, domain)().refused(409, "conflict")
    assert len(pages(api, domain, 200)[0]) == MANY


def test_products_that_move_in_and_out_at_once_are_counted(api: Api, hub: Hub) -> None:
    domain, elsewhere = made(api, id=some_id()), some_id()
    moved = [hub.release(domain={"id": elsewhere}) for _ in range(MANY)]

    def there_and_back(release: Wire) -> Callable[[], Answer]:
        def move() -> Answer:
            moving(api, release, domain["id"]).expect(200)
            return moving(api, release, elsewhere)

        return move

    *back, deleted = at_once(*map(there_and_back, moved), deleting(api, domain))
    assert Counter(one.status for one in back) == {200: MANY}
    assert deleted.status in {204, 409}
    api.post(DOMAINS, {"container": CATALOG, "name": "Roasting", "id": domain["id"]})
    moving(api, moved[0], domain["id"]).expect(200)
    deleting(api, domain)().refused(409, "conflict")
    moving(api, moved[0], elsewhere).expect(200)
    deleting(api, domain)().expect(204)
    api.get(f"{DOMAINS}/{domain['id']}").refused(404)


def test_more_products_than_one_page_looks_at_are_all_told_once(api: Api, store: Store) -> None:
    domain = made(api)
    fill(store, MORE_THAN_ONE_PAGE_LOOKS_AT, domain["id"])
    found = pages(api, domain, 200)
    assert [len(page) for page in found] == [200] * 10 + [50]
    assert len({one for page in found for one in page}) == MORE_THAN_ONE_PAGE_LOOKS_AT


@pytest.mark.parametrize("limit", [1, 3, 7, 200])
def test_a_product_of_several_domains_is_told_once(api: Api, hub: Hub, store: Store, limit: int) -> None:
    domain = made(api, sub_domains=[{"name": "Cupping"}, {"name": "Blending"}])
    blending, cupping = (one["id"] for one in domain["sub_domains"])
    fill(store, AT_A_TIME, cupping, domain["id"], blending)
    own = hub.release(domain={"id": blending})["asset"]["id"]
    draft = hub.product(domain={"id": cupping})["asset"]["id"]
    told = [one for page in pages(api, domain, limit) for one in page]
    assert len(told) == len(set(told)) == AT_A_TIME + 2
    assert told[-2:] == [own, draft]
    assert len(pages(api, {"id": cupping}, limit)[0]) == min(limit, AT_A_TIME + 1)


def test_a_domain_that_only_was_named_can_be_made_and_is_held(api: Api, nndm: NndmApi) -> None:
    text = "coffee"
    info = {"title": "Orders", "owner": "owners", "domain": text}
    nndm.made("dataproducts", product("orders") | {"info": info})
    domain = made(api, id=text)
    deleting(api, domain)().refused(409, "conflict")
