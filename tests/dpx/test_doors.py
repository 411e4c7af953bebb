"""One catalogue behind two doors: cards, releases that mirror them, and what neither door may lose."""

from __future__ import annotations

from typing import Any

import pytest

from souk.ids import as_uuid, key_as_uuid, record_key
from souk.organisation.domains import UNASSIGNED, put_domain
from souk.setup.methods import DEFAULT
from souk.work import run
from tests.dpx.driver import Api, Wire
from tests.dpx.hub import CATALOG, CATALOGUE, DOWNLOAD, PRODUCTS, Hub, drafts, part, releases, some_id
from tests.nndm.driver import Api as NndmApi
from tests.nndm.samples import team

PORT: Wire = {
    "id": "batches",
    "name": "Batches table",
    "type": "postgres",
    "status": "active",
    "server": {"database": "roastery"},
    "containsPii": True,
    "autoApprove": True,
    "custom": {"x": 1},
}


@pytest.fixture
def nndm(api: Api) -> NndmApi:
    client = NndmApi(api.store)
    client.made("teams", team("owners"))
    return client


def document(id: str, **info: Any) -> Wire:
    base = {"title": "Stock", "owner": "owners", "description": "What is there, & more!", "domain": "warehouse"}
    return {
        "dataProductSpecification": "0.0.1",
        "id": id,
        "info": base | info,
        "outputPorts": [PORT],
        "tags": ["beans"],
        "custom": {"cost": "1"},
    }


def only_release(api: Api, product: str) -> Wire:
    (release,) = api.get(f"{PRODUCTS}/{product}/releases").expect(200)["releases"]
    found: Wire = release
    return found


def place(product: str) -> str:
    return f"{PRODUCTS}/{product}/releases/{product}@{CATALOGUE}"


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


def test_a_product_made_elsewhere_shows_as_one_available_release(api: Api, nndm: NndmApi) -> None:
    nndm.made("dataproducts", document("stock", version="3.1.0"))
    uuid = key_as_uuid(record_key("product", "stock"))
    (entry,) = api.get(PRODUCTS).expect(200)["data_products"]
    assert entry == {"id": uuid, "name": "Stock", "container": CATALOG}
    product = api.get(f"{PRODUCTS}/{uuid}").expect(200)
    release = only_release(api, uuid)
    assert product == entry | {"drafts": [], "latest_release": release}
    assert release == api.get(place(uuid)).expect(200) == api.get(place(uuid).replace(f"/{uuid}/", "/-/")).expect(200)
    assert api.get(f"{PRODUCTS}/-/releases").expect(200)["releases"] == [release]
    assert release["state"] == "available"
    assert release["version"] == "3.1.0"
    assert release["description"] == "What is there, & more!"
    domain = {"id": as_uuid("domain", "warehouse"), "name": "warehouse", "container": CATALOG}
    assert (release["domain"], release["tags"], release["is_restricted"]) == (domain, ["beans"], False)
    (shown,) = release["parts_out"]
    assert (shown["asset"]["name"], shown["asset"]["container"]) == ("Batches table", CATALOG)
    assert [method["id"] for method in shown["delivery_methods"]] == list(DEFAULT)


def test_a_uuid_is_shown_as_it_is(api: Api, nndm: NndmApi) -> None:
    product = some_id()
    nndm.made("dataproducts", document(product))
    assert only_release(api, product)["id"] == f"{product}@{CATALOGUE}"
    assert only_release(api, product)["version"] == "1.0.0"
    rendered = key_as_uuid(record_key("product", product))
    api.get(f"{PRODUCTS}/{rendered}").refused(404, "does_not_exist")


def test_a_product_without_a_domain_is_unassigned(api: Api, nndm: NndmApi) -> None:
    nndm.made("dataproducts", document("stock", domain=None))
    release = only_release(api, as_uuid("product", "stock"))
    assert release["domain"] == {"id": UNASSIGNED, "name": "Unassigned", "container": CATALOG}


def test_a_domain_that_both_know_has_its_name(api: Api, nndm: NndmApi) -> None:
    domain = some_id()
    run(api.store, lambda work: put_domain(work, domain, {"name": "Warehouse"}))
    nndm.made("dataproducts", document("stock", domain=domain))
    release = only_release(api, as_uuid("product", "stock"))
    assert release["domain"] == {"id": domain, "name": "Warehouse", "container": CATALOG}


def test_writing_back_what_was_read_changes_nothing_elsewhere(api: Api, nndm: NndmApi) -> None:
    nndm.made("dataproducts", document("stock"))
    uuid = as_uuid("product", "stock")
    before, release = nndm.shown("dataproducts", "stock"), only_release(api, uuid)
    for name in ("name", "description", "tags", "domain", "parts_out", "is_restricted", "types", "use_cases"):
        operation = {"op": "replace", "path": f"/{name}", "value": release[name]}
        api.patch(place(uuid), operation).expect(200)
    assert nndm.shown("dataproducts", "stock") == before
    assert only_release(api, uuid)["parts_out"] == release["parts_out"]


def test_a_patch_leaves_what_only_the_other_door_knows(api: Api, nndm: NndmApi) -> None:
    nndm.made("dataproducts", document("stock"))
    uuid = as_uuid("product", "stock")
    before = nndm.shown("dataproducts", "stock")
    api.patch(
        place(uuid),
        {"op": "replace", "path": "/name", "value": "Patched"},
        {"op": "replace", "path": "/parts_out/0/asset/name", "value": "Table"},
        {"op": "add", "path": "/types", "value": ["code"]},
    ).expect(200)
    info, port = {**before["info"], "title": "Patched"}, {**PORT, "name": "Table"}
    assert nndm.shown("dataproducts", "stock") == {**before, "info": info, "outputPorts": [port]}
    nndm.made("dataproducts", document("stock", title="Again"))
    again = only_release(api, uuid)
    assert (again["name"], again["types"]) == ("Again", ["code"])


def test_restriction_holds_unless_every_port_approves_by_itself(api: Api, nndm: NndmApi) -> None:
    nndm.made("dataproducts", document("stock") | {"outputPorts": [PORT, PORT | {"id": "two", "autoApprove": False}]})
    uuid = as_uuid("product", "stock")
    assert only_release(api, uuid)["is_restricted"] is True
    api.patch(place(uuid), {"op": "replace", "path": "/is_restricted", "value": True}).expect(200)
    assert [port["autoApprove"] for port in nndm.shown("dataproducts", "stock")["outputPorts"]] == [True, False]
    for flag in (False, True):
        api.patch(place(uuid), {"op": "replace", "path": "/is_restricted", "value": flag}).expect(200)
        assert [port["autoApprove"] for port in nndm.shown("dataproducts", "stock")["outputPorts"]] == [not flag] * 2
        assert only_release(api, uuid)["is_restricted"] is flag


def test_taking_the_guarded_part_away_does_not_open_the_rest(api: Api, nndm: NndmApi) -> None:
    nndm.made("dataproducts", document("stock") | {"outputPorts": [PORT, PORT | {"id": "two", "autoApprove": False}]})
    uuid = as_uuid("product", "stock")
    api.patch(place(uuid), {"op": "remove", "path": "/parts_out/1"}).expect(200)
    assert only_release(api, uuid)["is_restricted"] is True


def test_a_draft_of_a_product_made_elsewhere(api: Api, hub: Hub, nndm: NndmApi) -> None:
    nndm.made("dataproducts", document("stock"))
    uuid = as_uuid("product", "stock")
    draft = hub.draft(uuid)
    assert (draft["version"], draft["name"], draft["domain"]["name"]) == ("1.1.0", "Stock", "warehouse")
    before = nndm.shown("dataproducts", "stock")
    release = only_release(api, uuid)
    assert (release["id"], release["state"]) == (f"{uuid}@{CATALOGUE}", "available")
    api.patch(drafts(draft), {"op": "replace", "path": "/name", "value": "Second"}).expect(200)
    assert only_release(api, uuid) == release
    hub.publish(draft).expect(200)
    after = nndm.shown("dataproducts", "stock")
    assert after == {**before, "info": {**before["info"], "title": "Second", "version": "1.1.0", "status": "active"}}
    page = api.get(f"{PRODUCTS}/{uuid}/releases").expect(200)["releases"]
    assert [(one["name"], one["state"]) for one in page] == [("Stock", "available"), ("Second", "available")]
    assert api.get(f"{PRODUCTS}/{uuid}").expect(200)["latest_release"]["name"] == "Second"


def test_retiring_a_product_made_elsewhere_and_reviving_it_there(api: Api, nndm: NndmApi) -> None:
    nndm.made("dataproducts", document("stock"))
    uuid = as_uuid("product", "stock")
    assert api.post(f"{place(uuid)}/retire").expect(200)["state"] == "retired"
    shown = nndm.shown("dataproducts", "stock")
    assert shown["info"]["status"] == "retired"
    assert only_release(api, uuid)["state"] == "retired"
    api.post(f"{place(uuid)}/retire").refused(409, "conflict")
    nndm.made("dataproducts", {**shown, "info": {**shown["info"], "status": "active", "title": "Back"}})
    back = only_release(api, uuid)
    assert (back["state"], back["name"]) == ("available", "Back")


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


def test_a_deleted_product_made_elsewhere_is_gone(api: Api, nndm: NndmApi) -> None:
    nndm.made("dataproducts", document("stock"))
    nndm.removed("dataproducts", "stock")
    api.get(f"{PRODUCTS}/{as_uuid('product', 'stock')}").refused(404, "does_not_exist")


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


def test_releases_of_one_product_made_elsewhere_are_paged(api: Api, hub: Hub, nndm: NndmApi) -> None:
    nndm.made("dataproducts", document("stock"))
    uuid = as_uuid("product", "stock")
    whole = api.get(f"{PRODUCTS}/{uuid}/releases?limit=1").expect(200)
    assert "next" not in whole
    hub.publish(hub.draft(uuid)).expect(200)
    first = api.get(f"{PRODUCTS}/{uuid}/releases?limit=1").expect(200)
    second = api.get(f"{PRODUCTS}/{uuid}/releases?limit=1&start={first['next']['start']}").expect(200)
    assert [first["releases"][0]["version"], second["releases"][0]["version"]] == ["1.0.0", "1.1.0"]
    assert "next" not in second
