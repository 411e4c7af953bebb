"""One catalogue behind two doors: cards, releases that mirror them, and what neither door may lose."""

from __future__ import annotations

from souk.ids import as_uuid
from tests.dpx.driver import Api
from tests.dpx.elsewhere import document, only_release
from tests.dpx.hub import CATALOGUE, DOWNLOAD, PRODUCTS, Hub, drafts, part, releases
from tests.nndm.driver import Api as NndmApi


def test_a_draft_is_seen_by_no_other_door(hub: Hub, nndm: NndmApi) -> None:
    draft = hub.product()
    assert nndm.get("dataproducts", draft["data_product"]["id"]).status == 404
    assert nndm.listed("dataproducts") == []


def test_publishing_shows_the_product_in_the_other_door_with_its_events(hub: Hub, nndm: NndmApi) -> None:
    asset = hub.asset(name="batches.csv")
    draft = hub.product(description="All", tags=["coffee"], version="2.0.1", parts_out=[part(asset, DOWNLOAD)])
    product = draft["data_product"]["id"]
    assert nndm.news(lambda: hub.publish(draft).expect(200)) == [
        f"DataProductCreated {product}",
        f"OutputPortCreated {product}/{asset}",
    ]
    shown = nndm.shown("dataproducts", product)
    assert {"title": "Batches", "description": "All", "status": "active", "version": "2.0.1"}.items() <= shown[
        "info"
    ].items()
    assert shown["outputPorts"] == [{"id": asset, "name": "batches.csv", "autoApprove": True}]
    assert shown["tags"] == ["coffee"]


def test_publishing_again_overwrites_the_card(api: Api, hub: Hub, nndm: NndmApi) -> None:
    first = hub.release(description="Old", tags=["old"])
    product = first["data_product"]["id"]
    second = hub.draft(product, name="Newer", tags=[])
    api.patch(drafts(second), {"op": "remove", "path": "/description"}).expect(200)
    assert nndm.shown("dataproducts", product)["info"]["title"] == "Batches"
    assert nndm.news(lambda: hub.publish(second).expect(200)) == [f"DataProductUpdated {product}"]
    shown = nndm.shown("dataproducts", product)
    assert shown["info"]["title"] == "Newer"
    assert "description" not in shown["info"]
    assert "tags" not in shown
    former = hub.shown(first)
    assert (former["name"], former["description"], former["tags"]) == ("Batches", "Old", ["old"])


def test_retiring_changes_the_status_alone(api: Api, hub: Hub, nndm: NndmApi) -> None:
    release = hub.release(description="All")
    product = release["data_product"]["id"]
    before = nndm.shown("dataproducts", product)
    retired = api.post(f"{releases(release)}/retire").expect(200)
    assert retired["state"] == "retired"
    assert hub.shown(retired) == retired
    after = nndm.shown("dataproducts", product)
    assert after == {**before, "info": {**before["info"], "status": "retired"}}


def test_the_card_is_retired_with_the_last_available_release(api: Api, hub: Hub, nndm: NndmApi) -> None:
    first = hub.release()
    product = first["data_product"]["id"]
    second = hub.publish(hub.draft(product, name="Second")).expect(200)
    for release, status in ((second, "active"), (first, "retired")):
        api.post(f"{releases(release)}/retire").expect(200)
        assert nndm.shown("dataproducts", product)["info"]["status"] == status
    third = hub.publish(hub.draft(product)).expect(200)
    assert nndm.shown("dataproducts", product)["info"]["status"] == "active"
    assert third["name"] == "Second"


def test_a_write_through_the_other_door_shows_in_the_release_that_mirrors_the_card(hub: Hub, nndm: NndmApi) -> None:
    former = hub.release(types=["data"], use_cases=[{"id": "1"}])
    product = former["data_product"]["id"]
    release = hub.publish(hub.draft(product)).expect(200)
    card = nndm.shown("dataproducts", product)
    nndm.made("dataproducts", {**card, "info": {**card["info"], "title": "Renamed", "owner": "owners"}})
    shown = hub.shown(release)
    assert (shown["name"], shown["types"], shown["use_cases"]) == ("Renamed", ["data"], [{"id": "1"}])
    assert shown["last_updated_at"] > release["last_updated_at"]
    assert hub.shown(former)["name"] == "Batches"


def test_publishing_freezes_what_the_former_release_showed(hub: Hub, nndm: NndmApi) -> None:
    first = hub.release()
    product = first["data_product"]["id"]
    card = nndm.shown("dataproducts", product)
    nndm.made("dataproducts", {**card, "info": {**card["info"], "title": "Renamed", "owner": "owners"}})
    hub.publish(hub.draft(product, name="Newest")).expect(200)
    assert hub.shown(first)["name"] == "Renamed"


def test_changing_the_release_that_mirrors_the_card_changes_the_card(api: Api, hub: Hub, nndm: NndmApi) -> None:
    first = hub.release()
    product = first["data_product"]["id"]
    second = hub.publish(hub.draft(product)).expect(200)
    rename = {"op": "replace", "path": "/name", "value": "Patched"}
    assert nndm.news(lambda: api.patch(releases(second), rename).expect(200)) == [f"DataProductUpdated {product}"]
    assert nndm.shown("dataproducts", product)["info"]["title"] == "Patched"
    assert nndm.news(lambda: api.patch(releases(first), rename).expect(200)) == []


def test_retiring_in_the_other_door_retires_the_release(api: Api, hub: Hub, nndm: NndmApi) -> None:
    nndm.made("dataproducts", document("stock", status="retired"))
    assert only_release(api, as_uuid("product", "stock"))["state"] == "retired"
    release = hub.release()
    product = release["data_product"]["id"]
    card = nndm.shown("dataproducts", product)
    nndm.made("dataproducts", {**card, "info": {**card["info"], "status": "retired", "owner": "owners"}})
    assert hub.shown(release)["state"] == "retired"
    assert "latest_release" not in api.get(f"{PRODUCTS}/{product}").expect(200)
    states = {
        state: [one["id"] for one in api.get(f"{PRODUCTS}/-/releases?state={state}").expect(200)["releases"]]
        for state in ("available", "retired")
    }
    assert states == {"available": [], "retired": [release["id"], f"{as_uuid('product', 'stock')}@{CATALOGUE}"]}


def test_deleting_in_the_other_door_leaves_no_available_release_and_no_draft(api: Api, hub: Hub, nndm: NndmApi) -> None:
    first = hub.release()
    product = first["data_product"]["id"]
    second = hub.publish(hub.draft(product)).expect(200)
    draft = hub.draft(product)
    nndm.removed("dataproducts", product)
    assert [hub.shown(release)["state"] for release in (first, second)] == ["retired", "retired"]
    api.get(drafts(draft)).refused(404, "does_not_exist")
    api.post(f"{drafts(draft)}/publish").refused(404, "does_not_exist")
    assert api.get(f"{PRODUCTS}/-/drafts").expect(200)["drafts"] == []
    assert api.get(f"{PRODUCTS}/-/releases?state=available").expect(200)["releases"] == []
    assert api.get(f"{PRODUCTS}/{product}").expect(200)["drafts"] == []
    assert api.get(PRODUCTS).expect(200)["data_products"] == []
    fresh = hub.draft(product)
    assert [one["id"] for one in api.get(f"{PRODUCTS}/{product}").expect(200)["drafts"]] == [fresh["id"]]
    assert hub.publish(fresh).expect(200)["state"] == "available"
    assert [hub.shown(release)["state"] for release in (first, second)] == ["retired", "retired"]


def test_pages_over_both_kinds_of_products_hold_each_once(api: Api, hub: Hub, nndm: NndmApi) -> None:
    made = []
    for number in range(4):
        nndm.made("dataproducts", document(f"p{number}"))
        made += [as_uuid("product", f"p{number}"), hub.product()["data_product"]["id"]]
        made.append(hub.release()["data_product"]["id"])
    seen: list[str] = []
    start = ""
    for _ in range(12):
        page = api.get(f"{PRODUCTS}?limit=1{start}").expect(200)
        seen += [entry["id"] for entry in page["data_products"]]
        start = f"&start={page.get('next', {}).get('start', '')}"
    assert sorted(seen) == sorted(made)
    assert start == "&start="
