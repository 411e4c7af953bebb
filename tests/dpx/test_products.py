"""Products: made with one draft, shown with their versions, listed in pages (contract 3.2, R3 to R6, R10)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dpx.driver import Api, Wire
from tests.dpx.hub import CATALOG, CATALOGUE, DOMAIN, PRODUCTS, Hub, part, prototype, some_id


def test_a_product_is_made_with_its_draft(api: Api) -> None:
    body = prototype(description="All of them", tags=["coffee"], types=["data"], use_cases=[{"id": "1"}])
    product = api.post(PRODUCTS, {"drafts": [body]}).expect(201)
    (draft,) = product["drafts"]
    assert (product["name"], product["container"]) == ("Batches", CATALOG)
    assert "latest_release" not in product
    assert draft["id"] == f"{draft['asset']['id']}@{CATALOGUE}"
    assert draft["data_product"] == {"id": product["id"], "container": CATALOG}
    expected: Wire = {"version": "1.0.0", "state": "draft", "description": "All of them", "tags": ["coffee"]}
    expected |= {"types": ["data"], "use_cases": [{"id": "1"}], "is_restricted": False, "parts_out": []}
    assert expected.items() <= draft.items()
    assert draft["domain"] == DOMAIN | {"container": CATALOG}
    (terms,) = draft["contract_terms"]
    assert terms["id"] == f"{terms['asset']['id']}@{CATALOGUE}"
    assert terms["documents"] == []
    assert api.get(f"{PRODUCTS}/{product['id']}").expect(200) == product


def test_the_container_may_come_by_itself(api: Api) -> None:
    body = {"name": "Batches", "container": {"id": CATALOGUE}}
    assert api.post(PRODUCTS, {"drafts": [body]}).expect(201)["name"] == "Batches"


def test_nulls_are_absent_fields(hub: Hub) -> None:
    draft = hub.product(
        version=None, data_product=None, types=None, domain=None, asset={"container": CATALOG, "id": None}
    )
    assert (draft["version"], draft["types"]) == ("1.0.0", [])


def test_a_draft_without_domain_or_description_can_be_read_by_typed_clients(hub: Hub) -> None:
    draft = hub.product(domain=None)
    assert draft["domain"] == {"id": "", "name": "", "container": CATALOG}
    assert draft["description"] == ""


def test_the_asset_id_of_a_client_is_not_binding(hub: Hub) -> None:
    sent = some_id()
    drafts = [hub.product(asset={"id": sent, "container": CATALOG}) for _ in range(2)]
    assert len({sent, *(draft["asset"]["id"] for draft in drafts)}) == 3


def test_what_a_client_adds_comes_back(hub: Hub) -> None:
    added: dict[str, Any] = {
        "workflows": {"order_access_request": {"pre_approved_users": ["a"]}},
        "dataview_enabled": True,
        "comments": "Ask Jo first!",
        "access_control": {"owner": "jo"},
        "sub_container": {"id": "x"},
        "properties": {"ranges": [1, 2.50, {"deep": "er"}]},
        "of_tomorrow": {"a": [1]},
    }
    assert added.items() <= hub.shown(hub.product(**added)).items()


def test_parts_come_back_as_they_were_sent(hub: Hub) -> None:
    first, second = some_id(), some_id()
    parts = [part(first, some_id(), revision=3), part(second, updated_at="2026-01-01T00:00:00Z")]
    assert hub.product(parts_out=parts)["parts_out"] == parts


def test_documents_with_a_url_are_made_with_the_draft(hub: Hub) -> None:
    linked = {"type": "terms_and_conditions", "name": "Terms", "url": "https://example.com/terms"}
    draft = hub.product(contract_terms=[{"documents": [linked], "price": {"amount": "0"}}])
    (terms,) = draft["contract_terms"]
    (document,) = terms["documents"]
    assert linked.items() <= document.items()
    assert terms["price"] == {"amount": "0"}
    assert len(document["id"]) == 36


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({}, ["missing_required_value"]),
        ({"drafts": None}, ["missing_required_value"]),
        ({"drafts": []}, ["invalid_parameter"]),
        ({"drafts": [prototype(), prototype()]}, ["invalid_parameter"]),
        ({"drafts": {}}, ["invalid_parameter"]),
        ({"drafts": [{"name": "Batches"}]}, ["missing_required_value"]),
        ({"drafts": [{"asset": {"container": CATALOG}}]}, ["missing_required_value"]),
        ({"drafts": [prototype(state="available")]}, ["invalid_parameter"]),
        ({"drafts": [prototype(state="retired")]}, ["invalid_parameter"]),
        ({"drafts": [prototype(name="   ")]}, ["invalid_parameter"]),
        ({"drafts": [prototype(name="")]}, ["invalid_parameter"]),
        ({"drafts": [prototype(name="a" * 257)]}, ["invalid_parameter"]),
        ({"drafts": [prototype(name="What?")]}, ["invalid_parameter"]),
        ({"drafts": [prototype(description="a" * 4001)]}, ["invalid_parameter"]),
        ({"drafts": [prototype(version="1.0")]}, ["invalid_parameter"]),
        ({"drafts": [prototype(version="one.2.3")]}, ["invalid_parameter"]),
        ({"drafts": [prototype(types=["datum"])]}, ["invalid_parameter"]),
        ({"drafts": [prototype(tags=["a"] * 1001)]}, ["invalid_parameter"]),
        ({"drafts": [prototype(tags=[""])]}, ["invalid_parameter"]),
        ({"drafts": [prototype(tags=[1], is_restricted="no")]}, ["invalid_parameter"] * 2),
        ({"drafts": [prototype(domain={"name": "x"})]}, ["missing_required_value"]),
        ({"drafts": [prototype(contract_terms=[{}, {}])]}, ["invalid_parameter"]),
        ({"drafts": [prototype(asset={"container": {"id": "short"}})]}, ["invalid_parameter"]),
        ({"drafts": [prototype(parts_out=[{"asset": {"id": "short"}}])]}, ["invalid_parameter"]),
        ({"drafts": [prototype(parts_out=[{}])]}, ["missing_required_value"]),
    ],
)
def test_a_prototype_that_breaks_a_rule_is_refused(api: Api, body: Any, codes: list[str]) -> None:
    api.post(PRODUCTS, body).refused(400, *codes)
    assert api.get(PRODUCTS).expect(200)["data_products"] == []


def test_a_body_that_is_no_object_is_refused(api: Api) -> None:
    api.call("POST", PRODUCTS, raw=b"[]").refused(400, "request_body_error")
    api.call("POST", PRODUCTS, raw=b"{").refused(400, "request_body_error")
    api.call("POST", PRODUCTS).refused(400, "request_body_error")


def test_another_catalog_does_not_exist(api: Api) -> None:
    api.post(PRODUCTS, {"drafts": [prototype(asset={"container": {"id": some_id()}})]}).refused(404, "does_not_exist")


@pytest.mark.parametrize("product", ["short", "a" * 37, "%3F" * 36, "-"])
def test_an_id_of_the_wrong_form_is_refused(api: Api, product: str) -> None:
    api.get(f"{PRODUCTS}/{product}").refused(400, "invalid_parameter")


def test_a_product_that_is_not_there_is_not_found(api: Api) -> None:
    api.get(f"{PRODUCTS}/{some_id()}").refused(404, "does_not_exist")


def test_ids_are_compared_exactly(api: Api, hub: Hub) -> None:
    product = hub.product()["data_product"]["id"]
    api.get(f"{PRODUCTS}/{product.upper()}").refused(404, "does_not_exist")


def test_products_are_listed_page_by_page(api: Api, hub: Hub) -> None:
    made = [hub.product(name=f"Product {number}")["data_product"]["id"] for number in range(3)]
    made.append(hub.release(name="Product 3")["data_product"]["id"])
    first = api.get(f"{PRODUCTS}?limit=2").expect(200)
    assert first["limit"] == 2
    assert first["first"]["href"] == f"https://souk.example{PRODUCTS}?limit=2"
    token = first["next"]["start"]
    assert first["next"]["href"].endswith(f"limit=2&start={token}")
    second = api.get(f"{PRODUCTS}?limit=2&start={token}").expect(200)
    assert "next" not in second
    entries = first["data_products"] + second["data_products"]
    assert [entry["id"] for entry in entries] == made
    assert entries[0] == {"id": made[0], "name": "Product 0", "container": CATALOG}


def test_a_full_list_has_no_next_page(api: Api, hub: Hub) -> None:
    hub.product()
    answer = api.get(f"{PRODUCTS}?limit=1").expect(200)
    assert len(answer["data_products"]) == 1
    assert "next" not in answer
    assert api.get(PRODUCTS).expect(200)["limit"] == 200


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "limit=-1", "limit=", "start=x", "start=%00"])
def test_bad_pages_are_refused(api: Api, query: str) -> None:
    api.get(f"{PRODUCTS}?{query}").refused(400, "invalid_parameter")
