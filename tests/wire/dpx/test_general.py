"""What holds for every call: credentials, errors, the catalog, assets, documents (contract 1, 3.1, 3.4, 4.1)."""

from __future__ import annotations

import httpx
import pytest

from tests.wire.dpx.hub import LISTS, PRODUCTS, B, Hub, ok, place, refused, some_id, terms

CALLS = [
    ("GET", PRODUCTS),
    ("POST", PRODUCTS),
    ("GET", f"{PRODUCTS}/-/drafts"),
    ("GET", f"{PRODUCTS}/-/releases"),
    ("POST", f"{B}/configuration/initialize"),
    ("POST", f"{B}/configuration/rotate_credentials"),
    ("GET", "/v2/catalogs/ibm-default-hub"),
    ("POST", "/v2/assets"),
    ("GET", LISTS),
    ("POST", LISTS),
    ("POST", "/v3/search"),
]


@pytest.mark.parametrize(("method", "target"), CALLS)
def test_every_call_needs_a_token(hub: Hub, method: str, target: str) -> None:
    for headers in ({}, {"authorization": "Bearer nobody"}, {"authorization": "Basic eDp5"}, {"x-api-key": "x"}):
        assert refused(hub.send(method, target, None, headers), 401) == ["not_authenticated"]


def test_the_scheme_may_be_written_small(hub: Hub) -> None:
    token = hub.headers["authorization"].removeprefix("Bearer ")
    ok(hub.send("GET", PRODUCTS, None, {"authorization": f"bearer {token}"}))


def test_a_key_is_exchanged_for_a_token(hub: Hub) -> None:
    key = hub.headers["authorization"].removeprefix("Bearer ")
    form = {"grant_type": "urn:ibm:params:oauth:grant-type:apikey", "apikey": key}
    answer = httpx.post(f"{hub.url}/identity/token", data=form, trust_env=False).json()
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3600)
    assert answer["expiration"] > 1_600_000_000
    ok(hub.send("GET", PRODUCTS, None, {"authorization": f"Bearer {answer['access_token']}"}))


def test_bodies_that_are_no_json_are_refused(hub: Hub) -> None:
    kind = {"content-type": "application/json"}
    for text in (b"", b"{", b"[]", b"null", b'"x"', b"\xff"):
        refused(hub.send("POST", PRODUCTS, text, hub.headers | kind), 400)


def test_an_unknown_path_is_an_error_like_any_other(hub: Hub) -> None:
    refused(hub.call("GET", f"{B}/nothing/here"), 404)
    refused(hub.call("DELETE", PRODUCTS), 404, 405)


def test_nulls_are_absent_fields(hub: Hub) -> None:
    fields = {"version": None, "data_product": None, "types": None, "description": None}
    draft = hub.post(PRODUCTS, {"drafts": [hub.prototype(**fields)]}, 201)["drafts"][0]
    assert (draft["version"], draft["types"], draft["description"]) == ("1.0.0", [], "")


def test_the_catalog_and_its_configuration(hub: Hub) -> None:
    shown = hub.get("/v2/catalogs/ibm-default-hub")
    assert shown["metadata"]["guid"] == hub.catalog
    assert (shown["entity"]["uid"], shown["entity"]["subtype"]) == ("ibm-default-hub", "ibm_data_product_catalog")
    status = hub.get(f"{B}/configuration/initialize/status?container.id={hub.catalog}")
    assert {"container", "href", "status", "initialized_options"} <= status.keys()
    refused(hub.call("GET", f"{B}/configuration/initialize/status?container.id={some_id()}"), 404)
    refused(hub.call("POST", f"{B}/configuration/initialize", {"include": ["everything"]}), 400)
    ok(hub.call("POST", f"{B}/configuration/rotate_credentials"), 204)
    hub.get(PRODUCTS)


def test_domains_and_methods_are_found(hub: Hub) -> None:
    for query in ("*:*", "asset.tags:level1", "asset.tags:level2"):
        found = hub.post(f"/v2/asset_types/ibm_data_product_domain/search?catalog_id={hub.catalog}", {"query": query})
        assert found["total_rows"] == len(found["results"]) > 0
    refused(hub.call("POST", "/v2/asset_types/ibm_data_product_domain/search", {"query": "*:*"}), 400)
    refused(hub.call("POST", f"/v2/asset_types/data_asset/search?catalog_id={hub.catalog}", {}), 400)


def test_an_asset_comes_back(hub: Hub) -> None:
    asset = hub.page("https://example.com/x")
    shown = hub.get(f"/v2/assets/{asset}?catalog_id={hub.catalog}")
    assert shown["metadata"]["asset_id"] == asset
    assert shown["entity"]["ibm_url_definition"]["url"] == "https://example.com/x"
    refused(hub.call("GET", f"/v2/assets/{some_id()}?catalog_id={hub.catalog}"), 404)


def test_a_part_must_exist_and_be_public_to_be_published(hub: Hub) -> None:
    refused(hub.call("POST", f"{place(hub.draft(parts_out=[hub.part(some_id())]))}/publish"), 400)
    metadata = {"name": "Hidden", "asset_type": "data_asset", "rov": {"mode": 16}}
    hidden = hub.post(f"/v2/assets?catalog_id={hub.catalog}", {"metadata": metadata, "entity": {}}, 201)["asset_id"]
    refused(hub.call("POST", f"{place(hub.draft(parts_out=[hub.part(hidden)]))}/publish"), 400)


def test_a_document_by_link(hub: Hub) -> None:
    draft = hub.draft()
    sent = {"id": some_id(), "type": "sla", "name": "Promise", "url": "https://example.com/promise"}
    assert hub.post(terms(draft), sent, 201) == sent
    refused(hub.call("POST", terms(draft), sent), 409)
    target = f"{terms(draft)}/{sent['id']}"
    refused(hub.call("POST", f"{target}/complete"), 400)
    change = {"op": "replace", "path": "/url", "value": "https://example.com/better"}
    assert hub.patch(target, change)["url"] == hub.get(target)["url"] == "https://example.com/better"
    ok(hub.call("DELETE", target), 204)
    refused(hub.call("GET", target), 404)
    for wrong in ({"type": "poem"}, {"name": None}, {"url": "ftp://x"}):
        refused(hub.call("POST", terms(draft), sent | wrong), 400)


def test_a_document_by_upload(hub: Hub) -> None:
    draft = hub.draft()
    made = hub.post(terms(draft), {"type": "terms_and_conditions", "name": "Terms"}, 201)
    target = f"{terms(draft)}/{made['id']}"
    assert made["attachment"]["id"]
    refused(hub.call("GET", target), 400, 404, 409)
    refused(hub.call("POST", f"{target}/complete"), 409)
    assert httpx.put(made["upload_url"], content=b"Be kind.", trust_env=False).status_code == 200
    hub.post(f"{target}/complete")
    assert httpx.get(hub.get(target)["url"], trust_env=False).content == b"Be kind."
    refused(hub.call("PATCH", target, [{"op": "add", "path": "/url", "value": "https://example.com/x"}]), 400)
    release = hub.post(f"{place(draft)}/publish")
    read = hub.get(f"{terms(release, 'releases')}/{made['id']}")
    assert httpx.get(read["url"], trust_env=False).content == b"Be kind."
    refused(hub.call("DELETE", target), 404, 409)
