"""Products made through another door, as releases: shown, patched, drafted, retired, deleted."""

from __future__ import annotations

from souk.ids import as_uuid, key_as_uuid, record_key
from souk.organisation.domains import UNASSIGNED, put_domain
from souk.setup.methods import DEFAULT
from souk.work import run
from tests.dpx.driver import Api
from tests.dpx.elsewhere import PORT, document, only_release, place
from tests.dpx.hub import CATALOG, CATALOGUE, PRODUCTS, Hub, drafts, some_id
from tests.nndm.driver import Api as NndmApi


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


def test_a_deleted_product_made_elsewhere_is_gone(api: Api, nndm: NndmApi) -> None:
    nndm.made("dataproducts", document("stock"))
    nndm.removed("dataproducts", "stock")
    api.get(f"{PRODUCTS}/{as_uuid('product', 'stock')}").refused(404, "does_not_exist")


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
