"""Domains, the domains below them, and the products in them (contract section 6, `{B}/domains`)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.wire.dpx.hub import B, Hub, fresh, ok, place, refused, some_id
from tests.wire.raw import Doc

DOMAINS = f"{B}/domains"
BELOW = [{"name": "Cupping"}, {"name": "Blending", "description": "Of two or more"}]
"""Shown by name."""


def made(hub: Hub, **fields: Any) -> Doc:
    """A new domain."""
    body = {"container": hub.container, "name": fresh("Roasting")} | fields
    domain: Doc = hub.post(DOMAINS, body, 201)
    return domain


def at(hub: Hub, domain: Doc, rest: str = "", container: str = "") -> str:
    """A path of the domain, with the catalog in the query."""
    return f"{DOMAINS}/{quote(domain['id'], safe='')}{rest}?container.id={container or hub.catalog}"


def released(hub: Hub, domain: Doc, **fields: Any) -> Doc:
    """A release in the domain."""
    return hub.release(domain={"id": domain["id"], "name": domain["name"], "container": hub.container}, **fields)


def test_a_domain_is_made_with_those_below_it(hub: Hub) -> None:
    domain = made(hub, description="To the cup", sub_domains=BELOW)
    assert domain["container"] == hub.container
    assert (domain["description"], domain["created_by"] != "") == ("To the cup", True)
    assert [(one["name"], one["description"]) for one in domain["sub_domains"]] == [
        ("Blending", "Of two or more"),
        ("Cupping", ""),
    ]
    assert hub.get(f"{DOMAINS}/{domain['id']}") == domain
    below = hub.get(f"{DOMAINS}/{domain['sub_domains'][0]['id']}")
    assert (below["name"], below["parent"], below["sub_domains"]) == ("Blending", {"id": domain["id"]}, [])


def test_what_the_server_does_not_understand_is_kept(hub: Hub) -> None:
    kept = {"member_roles": {"user_iam_id": "IBMid-1", "roles": ["admin"]}, "properties": {"value": "v"}}
    kept["sub_container"] = {"id": some_id()}
    domain = made(hub, trace="ignored", errors=[{"code": "conflict"}], created_by="nobody", **kept)
    shown = hub.get(f"{DOMAINS}/{domain['id']}")
    assert {key: shown[key] for key in kept} == kept
    assert shown["created_by"] != "nobody"
    assert shown.keys() & {"trace", "errors"} == set()


def test_a_client_may_choose_ids(hub: Hub) -> None:
    chosen, below, plain = some_id(), some_id(), fresh("roasting")
    domain = made(hub, id=chosen, sub_domains=[{"name": "Cupping", "id": below}])
    assert (domain["id"], domain["sub_domains"][0]["id"]) == (chosen, below)
    other = made(hub, id=plain)
    assert len(other["id"]) == 36
    assert hub.get(f"{DOMAINS}/{quote(plain)}") == hub.get(f"{DOMAINS}/{other['id']}") == other
    for taken in (chosen, below, plain, other["id"]):
        codes = refused(hub.call("POST", DOMAINS, {"container": hub.container, "name": "x", "id": taken}), 400, 409)
        assert codes[0] in {"already_exists", "invalid_parameter"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": None}, "missing_required_value"),
        ({"name": ""}, "invalid_parameter"),
        ({"name": "   "}, "invalid_parameter"),
        ({"name": 7}, "invalid_parameter"),
        ({"name": "a" * 257}, "invalid_parameter"),
        ({"name": "a/b"}, "invalid_parameter"),
        ({"description": 1}, "invalid_parameter"),
        ({"description": "a" * 4001}, "invalid_parameter"),
        ({"id": ""}, "invalid_parameter"),
        ({"id": "a" * 257}, "invalid_parameter"),
        ({"container": None}, "missing_required_value"),
        ({"container": {}}, "missing_required_value"),
        ({"container": "x"}, "invalid_parameter"),
        ({"sub_domains": {}}, "invalid_parameter"),
        ({"sub_domains": [{}]}, "missing_required_value"),
        ({"sub_domains": [{"name": "x"}] * 21}, "invalid_parameter"),
        ({"member_roles": []}, "invalid_parameter"),
        ({"properties": "x"}, "invalid_parameter"),
        ({"sub_container": {}}, "missing_required_value"),
    ],
)
def test_a_domain_that_is_none_is_refused(hub: Hub, changed: Doc, code: str) -> None:
    body = {"container": hub.container, "name": "Roasting"} | changed
    assert refused(hub.call("POST", DOMAINS, body), 400)[0] == code


def test_a_domain_of_another_catalog_is_not_made(hub: Hub) -> None:
    refused(hub.call("POST", DOMAINS, {"container": {"id": some_id()}, "name": "Roasting"}), 404)
    refused(hub.call("POST", f"{DOMAINS}?link_to_subcontainers=maybe", {"container": hub.container, "name": "x"}), 400)


def test_two_below_a_domain_do_not_share_an_id(hub: Hub) -> None:
    twice = [{"name": "Cupping", "id": fresh("cupping")}] * 2
    name = fresh("Roasting")
    body = {"container": hub.container, "name": name, "sub_domains": twice}
    assert refused(hub.call("POST", DOMAINS, body), 409) == ["already_exists"]
    assert name not in [one["name"] for one in hub.get(DOMAINS)["domains"]]


def test_domains_are_listed_with_those_below_them_when_asked(hub: Hub) -> None:
    domain = made(hub, sub_domains=BELOW)
    for query in ("", f"?container.id={hub.catalog}", "?include_subdomains=false"):
        found = {one["id"]: one for one in hub.get(f"{DOMAINS}{query}")["domains"]}
        assert "sub_domains" not in found[domain["id"]]
        assert domain["sub_domains"][0]["id"] not in found
    deep = {one["id"]: one for one in hub.get(f"{DOMAINS}?include_subdomains=true")["domains"]}
    assert deep[domain["id"]] == domain


def test_the_taxonomy_that_was_initialized_is_in_the_list(hub: Hub) -> None:
    deep = hub.get(f"{DOMAINS}?include_subdomains=true")["domains"]
    assert [one["name"] for one in deep].count("Supply chain") == 1
    supply = next(one for one in deep if one["name"] == "Supply chain")
    assert {"Procurement", "Logistics", "Inventory"} <= {one["name"] for one in supply["sub_domains"]}
    assert "Unassigned" not in {one["name"] for one in deep}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("container.id=b6f3c0de-7a15-4d0c-9a57-2f1f0c5d7e11", 404),
        ("container.id=x", 404),
        ("include_subdomains=2", 400),
    ],
)
def test_a_list_that_cannot_be_is_refused(hub: Hub, query: str, status: int) -> None:
    refused(hub.call("GET", f"{DOMAINS}?{query}"), status)


def test_a_domain_is_made_below_another(hub: Hub) -> None:
    domain, chosen = made(hub), some_id()
    below = hub.post(at(hub, domain, "/subdomains"), {"name": "Packing", "id": chosen, "description": "d"}, 201)
    assert below == {"name": "Packing", "id": chosen, "description": "d"}
    assert hub.get(f"{DOMAINS}/{domain['id']}")["sub_domains"] == [below]
    found = hub.post(
        f"/v2/asset_types/ibm_data_product_domain/search?catalog_id={hub.catalog}",
        {"query": f'asset.asset_id:"{chosen}"'},
    )
    assert found["results"][0]["metadata"]["tags"] == ["level2"]
    assert refused(hub.call("POST", at(hub, domain, "/subdomains"), {"name": "x", "id": chosen}), 409) == [
        "already_exists"
    ]
    refused(hub.call("POST", at(hub, domain, "/subdomains"), {}), 400)
    refused(hub.call("POST", f"{DOMAINS}/{domain['id']}/subdomains", {"name": "x"}), 400)
    refused(hub.call("POST", at(hub, domain, "/subdomains", some_id()), {"name": "x"}), 404)
    refused(hub.call("POST", at(hub, {"id": some_id()}, "/subdomains"), {"name": "x"}), 404)


def test_a_domain_is_patched(hub: Hub) -> None:
    domain, name = made(hub, description="Old", sub_domains=BELOW), fresh("Brewing")
    changed = hub.patch(
        at(hub, domain),
        {"op": "test", "path": "/description", "value": "Old"},
        {"op": "replace", "path": "/name", "value": name},
        {"op": "replace", "path": "/description", "value": "New"},
        {"op": "add", "path": "/rov", "value": {"mode": 0}},
    )
    assert (changed["name"], changed["description"], changed["rov"]) == (name, "New", {"mode": 0})
    assert changed["sub_domains"] == domain["sub_domains"]
    assert hub.get(f"{DOMAINS}/{domain['id']}") == changed
    assert hub.patch(at(hub, domain), {"op": "remove", "path": "/description"})["description"] == ""


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        ({"op": "replace", "path": "/id", "value": "x"}, 400),
        ({"op": "replace", "path": "/container/id", "value": "x"}, 400),
        ({"op": "replace", "path": "/created_by", "value": "x"}, 400),
        ({"op": "add", "path": "/sub_domains/-", "value": {"name": "x"}}, 400),
        ({"op": "replace", "path": "/name", "value": ""}, 400),
        ({"op": "replace", "path": "/name", "value": 7}, 400),
        ({"op": "remove", "path": "/name"}, 400),
        ({"op": "add", "path": "/parent", "value": {"id": "x"}}, 400),
        ({"op": "test", "path": "/name", "value": "x"}, 409),
        ({"op": "put", "path": "/name", "value": "x"}, 400),
        ({"op": "replace", "path": "/nothing", "value": "x"}, 400),
    ],
)
def test_a_patch_that_cannot_be_changes_nothing(hub: Hub, operation: Doc, status: int) -> None:
    domain = made(hub)
    refused(hub.call("PATCH", at(hub, domain), [operation]), status)
    assert hub.get(f"{DOMAINS}/{domain['id']}") == domain


def test_a_patch_names_the_catalog(hub: Hub) -> None:
    domain, change = made(hub), [{"op": "replace", "path": "/name", "value": "x"}]
    assert refused(hub.call("PATCH", f"{DOMAINS}/{domain['id']}", change), 400) == ["missing_required_value"]
    refused(hub.call("PATCH", at(hub, domain, container=some_id()), change), 404)
    refused(hub.call("PATCH", at(hub, {"id": some_id()}), change), 404)


def test_a_domain_goes_with_those_below_it(hub: Hub) -> None:
    domain = made(hub, sub_domains=BELOW)
    ok(hub.call("DELETE", f"{DOMAINS}/{domain['id']}"), 204)
    for gone in (domain, *domain["sub_domains"]):
        assert refused(hub.call("GET", f"{DOMAINS}/{gone['id']}"), 404) == ["does_not_exist"]
    refused(hub.call("DELETE", f"{DOMAINS}/{domain['id']}"), 404)
    assert domain["id"] not in [one["id"] for one in hub.get(DOMAINS)["domains"]]
    again = made(hub, id=domain["id"])
    assert (again["id"], again["sub_domains"]) == (domain["id"], [])


def test_a_domain_with_products_stays(hub: Hub) -> None:
    domain = made(hub, sub_domains=BELOW)
    release = released(hub, domain["sub_domains"][0])
    for held in (domain, domain["sub_domains"][0]):
        assert refused(hub.call("DELETE", f"{DOMAINS}/{held['id']}"), 409) == ["conflict"]
    free = domain["sub_domains"][1]
    ok(hub.call("DELETE", f"{DOMAINS}/{free['id']}"), 204)
    hub.patch(place(release, "releases"), {"op": "replace", "path": "/domain", "value": {"id": some_id(), "name": "x"}})
    ok(hub.call("DELETE", f"{DOMAINS}/{domain['id']}"), 204)


def test_the_domain_that_stands_in_for_none_stays(hub: Hub) -> None:
    unassigned = {"id": "5c0f4a8e-7b1d-4c55-9e0a-1d6b3f27a900"}
    assert hub.get(f"{DOMAINS}/{unassigned['id']}")["name"] == "Unassigned"
    refused(hub.call("DELETE", f"{DOMAINS}/{unassigned['id']}"), 409)
    refused(hub.call("PATCH", at(hub, unassigned), [{"op": "replace", "path": "/name", "value": "x"}]), 409)
    refused(hub.call("POST", at(hub, unassigned, "/subdomains"), {"name": "x"}), 409)


def test_products_are_found_by_their_domain_and_by_those_above(hub: Hub) -> None:
    domain = made(hub, sub_domains=BELOW)
    below = domain["sub_domains"][0]
    high, low = released(hub, domain), released(hub, below)
    draft = hub.draft(domain={"id": below["id"], "name": below["name"]})
    found = hub.get(at(hub, domain, "/data_products"))
    assert found["limit"] == 200
    assert {one["id"]: one["state"] for one in found["data_product_versions"]} == {
        high["id"]: "available",
        low["id"]: "available",
        draft["id"]: "draft",
    }
    assert {one["id"] for one in hub.get(at(hub, below, "/data_products"))["data_product_versions"]} == {
        low["id"],
        draft["id"],
    }


def test_products_of_a_domain_come_in_pages(hub: Hub) -> None:
    domain = made(hub)
    drafts = [hub.draft(domain={"id": domain["id"]})["id"] for _ in range(5)]
    found = hub.pages(at(hub, domain, "/data_products"), "data_product_versions", 2)
    assert [one["id"] for one in found] == drafts
    for query in ("limit=0", "limit=201", "limit=x", "start=x", "start=offset-", "start=offset--1"):
        refused(hub.call("GET", f"{at(hub, domain, '/data_products')}&{query}"), 400)


def test_products_of_a_domain_that_is_not_there(hub: Hub) -> None:
    refused(hub.call("GET", at(hub, {"id": some_id()}, "/data_products")), 404)
    domain = made(hub)
    refused(hub.call("GET", f"{DOMAINS}/{domain['id']}/data_products"), 400)
    refused(hub.call("GET", at(hub, domain, "/data_products", some_id())), 404)
    assert hub.get(at(hub, domain, "/data_products"))["data_product_versions"] == []


def test_a_release_that_moves_is_found_where_it_is(hub: Hub) -> None:
    here, there = made(hub), made(hub)
    release = released(hub, here)
    hub.patch(place(release, "releases"), {"op": "replace", "path": "/domain", "value": {"id": there["id"]}})
    assert hub.get(at(hub, here, "/data_products"))["data_product_versions"] == []
    assert [one["id"] for one in hub.get(at(hub, there, "/data_products"))["data_product_versions"]] == [release["id"]]


def test_people_without_administration_read_only(hub: Hub, buyer: Hub) -> None:
    domain = made(hub)
    assert buyer.get(f"{DOMAINS}/{domain['id']}") == domain
    assert buyer.get(DOMAINS)["domains"]
    buyer.get(at(hub, domain, "/data_products"))
    for method, target, body in (
        ("POST", DOMAINS, {"container": hub.container, "name": "x"}),
        ("POST", at(hub, domain, "/subdomains"), {"name": "x"}),
        ("PATCH", at(hub, domain), [{"op": "replace", "path": "/name", "value": "x"}]),
        ("DELETE", f"{DOMAINS}/{domain['id']}", None),
    ):
        assert refused(buyer.call(method, target, body), 403) == ["not_authorized"]
        refused(hub.send(method, target, None, {}), 401)
    assert hub.get(f"{DOMAINS}/{domain['id']}") == domain
