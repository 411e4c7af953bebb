"""Configuration, catalog, assets and their search, tokens (contract 1.1, 3.1, 4.1, R1, R2)."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.wire.dpx.fields import check_asset, check_setup
from tests.wire.dpx.hub import PRODUCTS, RFC3339, B, Hub, eventually, fresh, ok, refused, some_id
from tests.wire.dpx.operations import NOWHERE
from tests.wire.raw import Doc

INITIALIZE = f"{B}/configuration/initialize"
STATUS = f"{INITIALIZE}/status"
OPTIONS = ["delivery_methods", "domains_multi_industry", "workflows", "data_product_samples"]
DOMAINS = "ibm_data_product_domain"
METHODS = "ibm_data_product_delivery_method"


def done(hub: Hub) -> Doc:
    """The state of the initialization as soon as none runs."""
    found: Doc = eventually(lambda: (shown := hub.get(STATUS))["status"] == "succeeded" and shown)
    check_setup(found)
    return found


def search(hub: Hub, type: str, query: str, **more: Any) -> list[Doc]:
    answer = hub.post(f"/v2/asset_types/{type}/search?catalog_id={hub.catalog}", {"query": query, **more})
    assert answer["total_rows"] >= len(answer["results"])
    for one in answer["results"]:
        assert {"asset_id", "name", "asset_type", "tags"} <= one["metadata"].keys()
        assert one["metadata"]["asset_type"] == type
    found: list[Doc] = answer["results"]
    return found


def asset(hub: Hub, body: Doc) -> Doc:
    made: Doc = hub.post(f"/v2/assets?catalog_id={hub.catalog}", body, 201)
    check_asset(made)
    return made


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"include": None},
        {"container": None},
        {"include": ["delivery_methods"]},
        {"include": OPTIONS},
        {"include": [*OPTIONS, "project", "catalog_configurations"]},
        {"include": ["workflows"], "container": {"id": "{catalog}", "type": "catalog"}},
        {"container": {"id": "{catalog}"}},
    ],
)
def test_initializing_again_doubles_nothing(hub: Hub, body: Any) -> None:
    done(hub)
    before = {type: [one["metadata"]["asset_id"] for one in search(hub, type, "*:*")] for type in (DOMAINS, METHODS)}
    sent = json.dumps(body).replace("{catalog}", hub.catalog).encode()
    kind = {"content-type": "application/json"}
    begun = ok(hub.send("POST", INITIALIZE, sent.removeprefix(b"null"), hub.headers | kind), 202)
    check_setup(begun)
    assert begun["container"]["id"] == hub.catalog
    assert done(hub)["last_finished_at"] >= begun["last_started_at"]
    after = {type: [one["metadata"]["asset_id"] for one in search(hub, type, "*:*")] for type in (DOMAINS, METHODS)}
    assert {type: sorted(ids) for type, ids in after.items()} == {type: sorted(ids) for type, ids in before.items()}


@pytest.mark.parametrize(
    "body",
    [
        {"include": []},
        {"include": "workflows"},
        {"include": ["x"]},
        {"include": [""]},
        {"include": ["x" * 37]},
        {"include": ["workflows", 1]},
        {"include": ["workflows"] * 7},
        {"include": {}},
        {"container": {}},
        {"container": "x"},
        {"container": {"id": "x"}},
        {"container": {"id": 1}},
        {"container": {"id": NOWHERE}},
    ],
)
def test_what_cannot_be_initialized(hub: Hub, body: Doc) -> None:
    refused(hub.call("POST", INITIALIZE, body), 400)
    assert hub.get(STATUS)["status"] in {"succeeded", "in_progress"}


def test_options_that_others_need_come_with_them(hub: Hub) -> None:
    ok(hub.call("POST", INITIALIZE, {"include": ["data_product_samples"]}), 202)
    named = {option["name"] for option in done(hub)["initialized_options"]}
    assert {"data_product_samples", "domains_multi_industry", "delivery_methods"} <= named


def test_the_status(hub: Hub) -> None:
    done(hub)
    for query in ("", f"?container.id={hub.catalog}"):
        shown = hub.get(f"{STATUS}{query}")
        check_setup(shown)
        assert shown["container"]["id"] == hub.catalog
    assert refused(hub.call("GET", f"{STATUS}?container.id={NOWHERE}"), 404) == ["does_not_exist"]
    refused(hub.call("GET", f"{STATUS}?container.id=short"), 400, 404)


def test_only_an_administrator_configures(buyer: Hub) -> None:
    refused(buyer.call("POST", INITIALIZE, {}), 403)
    refused(buyer.call("POST", f"{B}/configuration/rotate_credentials"), 403)


@pytest.mark.parametrize("name", ["ibm-default-hub", "{catalog}"])
def test_the_catalog(hub: Hub, name: str) -> None:
    shown = hub.get(f"/v2/catalogs/{name.format(catalog=hub.catalog)}")
    assert shown["metadata"].keys() >= {"guid", "url", "creator_id", "create_time", "update_time"}
    assert shown["metadata"]["guid"] == hub.catalog
    assert RFC3339.match(shown["metadata"]["create_time"])
    assert shown["entity"].keys() >= {
        *("name", "description", "generator", "bss_account_id", "capacity_limit", "is_governed"),
        *("auto_profiling", "saml_instance_name", "uid", "subtype"),
    }
    assert (shown["entity"]["uid"], shown["entity"]["subtype"]) == ("ibm-default-hub", "ibm_data_product_catalog")
    assert shown["href"]


@pytest.mark.parametrize("name", [NOWHERE, "x", "ibm-other-hub"])
def test_another_catalog(hub: Hub, name: str) -> None:
    assert refused(hub.call("GET", f"/v2/catalogs/{name}"), 404) == ["does_not_exist"]


ASSETS: dict[str, Doc] = {
    "data": {
        "metadata": {"name": "a.csv", "asset_type": "data_asset", "rov": {"mode": 0}},
        "entity": {"data_asset": {}},
    },
    "all of it": {
        "metadata": {
            "name": "A / b",
            "asset_type": "data_asset",
            "rov": {"mode": 16},
            "origin_country": "us",
            "description": "Words",
            "tags": ["x", "y"],
        },
        "entity": {"data_asset": {"mime_type": "text/csv", "columns": [{"name": "a", "type": {"type": "int"}}]}},
        "attachments": [{"asset_type": "data_asset", "object_key": "data/a.csv"}],
    },
    "a page": {
        "metadata": {"name": "page", "asset_type": "ibm_url_definition"},
        "entity": {"ibm_url_definition": {"url": "https://example.com"}},
    },
    "a connection": {
        "metadata": {"name": "c", "asset_type": "connection", "rov": {"mode": 16}},
        "entity": {"connection": {"properties": {"bucket": "theirs"}}},
    },
    "no entity": {"metadata": {"name": "n", "asset_type": "data_asset"}},
}


@pytest.mark.parametrize("body", ASSETS.values(), ids=ASSETS.keys())
def test_an_asset(hub: Hub, body: Doc) -> None:
    made = asset(hub, body)
    assert {name: made["metadata"][name] for name in body["metadata"]} == body["metadata"]
    for name, value in body.items():
        assert name == "metadata" or made[name] == value
    assert hub.get(f"/v2/assets/{made['asset_id']}?catalog_id={hub.catalog}") == made


NO_PAGES: list[Doc] = [{}, {"ibm_url_definition": {}}, {"ibm_url_definition": {"url": "ftp://x"}}]


@pytest.mark.parametrize(
    "change",
    [
        {"metadata": None},
        {"metadata": "x"},
        *[{"metadata": {"name": name, "asset_type": "data_asset"}} for name in (None, "", 1, "x" * 257)],
        *[{"metadata": {"name": "a", "asset_type": type}} for type in (None, "", 1)],
        *[
            {"metadata": {"name": "a", "asset_type": "data_asset", "rov": rov}}
            for rov in ("x", {"mode": "0"}, {"mode": 7})
        ],
        *[{"metadata": {"name": "a", "asset_type": "data_asset", "tags": tags}} for tags in ("x", [1])],
        {"entity": "x"},
        {"entity": {"data_asset": "x"}},
        *[{"metadata": {"name": "a", "asset_type": "ibm_url_definition"}, "entity": entity} for entity in NO_PAGES],
    ],
)
def test_an_asset_that_breaks_a_rule(hub: Hub, change: Doc) -> None:
    refused(hub.call("POST", f"/v2/assets?catalog_id={hub.catalog}", ASSETS["data"] | change), 400)


def test_assets_are_in_the_catalog(hub: Hub) -> None:
    assert refused(hub.call("POST", "/v2/assets", ASSETS["data"]), 400) == ["missing_required_value"]
    refused(hub.call("POST", f"/v2/assets?catalog_id={some_id()}", ASSETS["data"]), 404)
    made = asset(hub, ASSETS["data"])["asset_id"]
    refused(hub.call("GET", f"/v2/assets/{made}?catalog_id={some_id()}"), 404)
    for unknown in (some_id(), "x"):
        refused(hub.call("GET", f"/v2/assets/{unknown}?catalog_id={hub.catalog}"), 400, 404)


def test_domains(hub: Hub) -> None:
    everything, primary, below = (
        search(hub, DOMAINS, query, sort="asset.name", include="entity")
        for query in ("*:*", "asset.tags:level1", "asset.tags:level2")
    )
    ids = {one["metadata"]["asset_id"] for one in everything}
    assert {one["metadata"]["asset_id"] for one in primary} | {one["metadata"]["asset_id"] for one in below} == ids
    assert {"level1"} == {tag for one in primary for tag in one["metadata"]["tags"]}
    names = [one["metadata"]["name"].casefold() for one in everything]
    assert names == sorted(names)
    assert any(one["entity"][DOMAINS]["use_cases"] for one in everything)
    named = search(hub, DOMAINS, f'asset.name LIKE "{primary[0]["metadata"]["name"]}"')
    assert primary[0]["metadata"]["asset_id"] in [one["metadata"]["asset_id"] for one in named]
    check_asset(hub.get(f"/v2/assets/{primary[0]['metadata']['asset_id']}?catalog_id={hub.catalog}"))


def test_delivery_methods(hub: Hub) -> None:
    found = search(hub, METHODS, "*:*", include="entity")
    assert {"Open URL", "Download"} <= {one["metadata"]["name"] for one in found}
    for one in found:
        assert isinstance(one["entity"][METHODS]["supported_data_sources"], list)
    assert "entity" not in search(hub, METHODS, "*:*")[0]


def test_versions_by_their_parts(hub: Hub) -> None:
    one, other = hub.page(), hub.page()
    release, draft = hub.release(parts_out=[hub.part(one)]), hub.draft(parts_out=[hub.part(other)])
    version = "ibm_data_product_version"

    def found(query: str) -> set[str]:
        return {row["metadata"]["asset_id"] for row in search(hub, version, query)}

    ids = {release["asset"]["id"], draft["asset"]["id"]}
    either = f"{version}.parts_out_asset_id:({one} OR {other})"
    assert found(either) == ids
    assert found(f"{either} AND ({version}.state:available OR {version}.state:retired)") == {release["asset"]["id"]}
    assert found(f"{either} AND {version}.state:draft") == {draft["asset"]["id"]}
    assert found(f"{version}.parts_out_asset_id:{some_id()}") == set()


def test_data_assets_are_found(hub: Hub) -> None:
    name = fresh("Beans")
    made = asset(hub, {"metadata": {"name": name, "asset_type": "data_asset"}})
    found = search(hub, "data_asset", f'asset.name LIKE "{name}"')
    assert [one["metadata"]["asset_id"] for one in found] == [made["asset_id"]]
    quoted = hub.post(
        f"/v2/asset_types/data_asset/search?catalog_id={hub.catalog}&hide_deprecated_response_fields=false",
        {"query": f'asset.name:"{name}"'},
    )
    assert quoted["total_rows"] == 1


@pytest.mark.parametrize("body", [{}, {"query": None}, {"query": ""}, {"query": " "}, {"query": 1}, {"query": "("}])
def test_an_asset_search_that_is_none(hub: Hub, body: Doc) -> None:
    refused(hub.call("POST", f"/v2/asset_types/{DOMAINS}/search?catalog_id={hub.catalog}", body), 400)


@pytest.mark.parametrize(("query", "status"), [("", 400), ("?catalog_id=", 400), (f"?catalog_id={NOWHERE}", 404)])
def test_a_search_names_its_catalog(hub: Hub, query: str, status: int) -> None:
    refused(hub.call("POST", f"/v2/asset_types/{DOMAINS}/search{query}", {"query": "*:*"}), status)


GRANT = "urn:ibm:params:oauth:grant-type:apikey"


def test_a_token_for_a_key(hub: Hub) -> None:
    key = hub.headers["authorization"].removeprefix("Bearer ")
    answer = httpx.post(f"{hub.url}/identity/token", data={"grant_type": GRANT, "apikey": key}, trust_env=False)
    token = answer.json()
    assert answer.status_code == 200
    assert token.keys() >= {"access_token", "refresh_token", "token_type", "expires_in", "expiration"}
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 3600)
    assert isinstance(token["expiration"], int)
    mine = {"authorization": f"Bearer {token['access_token']}"}
    ok(hub.send("GET", PRODUCTS, None, mine))
    ok(hub.send("POST", f"{B}/configuration/rotate_credentials", None, mine), 204)
    ok(hub.send("GET", PRODUCTS, None, mine))
    refused(hub.send("GET", PRODUCTS, None, {"authorization": mine["authorization"][:-3]}), 401)


@pytest.mark.parametrize("form", [{}, {"grant_type": GRANT}, {"apikey": "x"}, {"grant_type": "x", "apikey": "x"}])
def test_no_token_without_a_key(hub: Hub, form: Doc) -> None:
    answer = httpx.post(f"{hub.url}/identity/token", data=form, trust_env=False)
    assert answer.status_code == 400
    assert answer.json()["errorMessage"]
    unknown = httpx.post(f"{hub.url}/identity/token", data={"grant_type": GRANT, "apikey": "x"}, trust_env=False)
    assert unknown.status_code in {400, 401}
