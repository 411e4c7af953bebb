"""The catalog, assets, searches by type (contract 4.1)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, SupportsIndex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpx.asset_query import MAX_LENGTH, parse
from souk.errors import Invalid
from souk.setup.methods import METHODS, OPEN_URL
from souk.work import run
from tests.dpx.driver import BASE, Api, Wire
from tests.dpx.hub import CATALOGUE, Hub, part, some_id
from tests.dpx.machines import Machines
from tests.nndm.driver import Api as NndmApi

ASSETS = f"/v2/assets?catalog_id={CATALOGUE}"
LINK: Wire = {
    "metadata": {"name": "Dashboard", "asset_type": "ibm_url_definition", "rov": {"mode": 0}, "origin_country": "dk"},
    "entity": {"ibm_url_definition": {"url": "https://example.com/dashboard"}},
}


def names(api: Api, type: str, query: str, **more: Any) -> list[str]:
    place = f"/v2/asset_types/{type}/search?catalog_id={CATALOGUE}&hide_deprecated_response_fields=false"
    answer = api.post(place, {"query": query, **more}).expect(200)
    assert answer["total_rows"] >= len(answer["results"])
    return [result["metadata"]["name"] for result in answer["results"]]


@pytest.fixture
def ready(api: Api, machines: Machines) -> Api:
    api.post(f"{BASE}/configuration/initialize").expect(202)
    machines.finish()
    return api


def test_the_catalog_is_known_by_uid_and_guid(ready: Api) -> None:
    catalog = ready.get("/v2/catalogs/ibm-default-hub").expect(200)
    assert catalog["metadata"]["guid"] == CATALOGUE
    assert (catalog["entity"]["uid"], catalog["entity"]["subtype"]) == ("ibm-default-hub", "ibm_data_product_catalog")
    assert ready.get(f"/v2/catalogs/{CATALOGUE}").expect(200) == catalog
    ready.get(f"/v2/catalogs/{some_id()}").refused(404, "does_not_exist")


def test_an_asset_is_made_and_read(api: Api) -> None:
    made = api.post(ASSETS, LINK).expect(201)
    assert made["asset_id"] == made["metadata"]["asset_id"]
    assert LINK["metadata"].items() <= made["metadata"].items()
    assert made["entity"] == LINK["entity"]
    assert api.get(f"/v2/assets/{made['asset_id']}?catalog_id={CATALOGUE}").expect(200) == made


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({}, "missing_required_value"),
        ({"metadata": {"asset_type": "data_asset"}}, "missing_required_value"),
        ({"metadata": {"name": "x"}}, "missing_required_value"),
        ({"metadata": {"name": "x", "asset_type": "data_asset", "rov": {"mode": 3}}}, "invalid_parameter"),
        ({"metadata": {"name": "x", "asset_type": "ibm_url_definition"}}, "missing_required_value"),
        (LINK | {"entity": {"ibm_url_definition": {"url": "file:///etc/passwd"}}}, "invalid_parameter"),
    ],
)
def test_an_asset_that_breaks_a_rule_is_refused(api: Api, document: Wire, code: str) -> None:
    api.post(ASSETS, document).refused(400, code)


def test_assets_need_their_catalog(api: Api) -> None:
    api.post("/v2/assets", LINK).refused(400, "missing_required_value")
    api.post(f"/v2/assets?catalog_id={some_id()}", LINK).refused(404, "does_not_exist")
    api.get(f"/v2/assets/{some_id()}?catalog_id={CATALOGUE}").refused(404, "does_not_exist")


def test_methods_domains_and_versions_are_assets_too(ready: Api, hub: Hub) -> None:
    method = ready.get(f"/v2/assets/{OPEN_URL}?catalog_id={CATALOGUE}").expect(200)
    assert method["metadata"]["name"] == "Open URL"
    draft = hub.product()
    version = ready.get(f"/v2/assets/{draft['asset']['id']}?catalog_id={CATALOGUE}").expect(200)
    assert version["entity"]["ibm_data_product_version"] == draft


def test_an_asset_made_elsewhere_is_shown_and_may_be_a_part(api: Api, hub: Hub) -> None:
    nndm = NndmApi(api.store)
    columns = [{"name": "batch", "type": "int"}]
    nndm.made("assets", {"id": "stock-table", "info": {"name": "Stock", "type": "table"}, "columns": columns})
    (found,) = api.post(f"/v2/asset_types/data_asset/search?catalog_id={CATALOGUE}", {"query": "*:*"}).expect(200)[
        "results"
    ]
    asset = found["metadata"]["asset_id"]
    shown = api.get(f"/v2/assets/{asset}?catalog_id={CATALOGUE}").expect(200)
    assert shown["metadata"]["name"] == "Stock"
    release = hub.release(parts_out=[part(asset)])
    assert release["parts_out"][0]["asset"]["id"] == asset
    (port,) = nndm.shown("dataproducts", release["data_product"]["id"])["outputPorts"]
    assert port["name"] == "Stock"
    assert nndm.delete("assets", "stock-table").status == 422


@pytest.mark.parametrize(
    "odd", [{"columns": [{}]}, {"columns": [{"name": None}]}, {"columns": [{"type": "int"}]}, {"columns": None}]
)
def test_whatever_another_door_wrote_is_searched_through(api: Api, odd: Wire) -> None:
    nndm = NndmApi(api.store)
    nndm.made("assets", {"id": "odd", "info": {"name": "Odd", "type": "table", "description": None}} | odd)
    place = f"/v2/asset_types/data_asset/search?catalog_id={CATALOGUE}"
    answers = [api.post(place, {"query": f"asset.{field}:nowhere"}) for field in ("name", "description", "tags")]
    assert [answer.expect(200)["total_rows"] for answer in answers] == [0, 0, 0]


def test_every_method_is_found(ready: Api) -> None:
    assert names(ready, "ibm_data_product_delivery_method", "*:*", sort="asset.name") == sorted(
        (method.method["name"] for method in METHODS), key=str.casefold
    )
    assert names(ready, "ibm_data_product_delivery_method", 'asset.name LIKE "open url"') == ["Open URL"]
    assert names(ready, "ibm_data_product_delivery_method", 'asset.name:"Open URL"') == ["Open URL"]


def test_domains_are_found_by_level(ready: Api) -> None:
    primary = names(ready, "ibm_data_product_domain", "asset.tags:level1")
    below = names(ready, "ibm_data_product_domain", "asset.tags:level2", limit=200)
    assert "Finance" in primary
    assert "Accounting" in below
    assert not set(primary) & set(below)
    assert sorted([*primary, *below]) == sorted(names(ready, "ibm_data_product_domain", "*:*"))


def test_the_entity_comes_when_it_is_asked_for(ready: Api) -> None:
    place = f"/v2/asset_types/ibm_data_product_delivery_method/search?catalog_id={CATALOGUE}"
    body = {"query": 'asset.name:"Open URL"'}
    (bare,) = ready.post(place, body).expect(200)["results"]
    (whole,) = ready.post(place, body | {"include": "entity"}).expect(200)["results"]
    assert "entity" not in bare
    assert whole["entity"]["ibm_data_product_delivery_method"]["supported_data_sources"] == ["url"]


def test_versions_are_found_by_their_parts_and_state(api: Api, hub: Hub) -> None:
    first, second, third = (hub.asset() for _ in range(3))
    hub.release(name="Released", parts_out=[part(first), part(second)])
    hub.product(name="Drafted", parts_out=[part(second)])
    hub.product(name="Other", parts_out=[part(third)])
    type = "ibm_data_product_version"
    by_parts = f"{type}.parts_out_asset_id:({first} OR {second})"
    states = f"({type}.state:available OR {type}.state:retired)"
    assert sorted(names(api, type, by_parts)) == ["Drafted", "Released"]
    assert names(api, type, f"{by_parts} AND {states}") == ["Released"]
    assert names(api, type, f"{by_parts} AND NOT {states}") == ["Drafted"]
    assert names(api, type, f"{type}.parts_out_asset_id:{third}") == ["Other"]
    assert sorted(names(api, type, f"NOT {type}.parts_out_asset_id:{third}")) == ["Drafted", "Released"]
    assert sorted(names(api, type, f"{type}.parts_out_asset_id:{third} OR {states}")) == ["Other", "Released"]
    assert sorted(names(api, type, "*:*")) == ["Drafted", "Other", "Released"]


def test_a_search_needs_its_query_and_catalog(api: Api) -> None:
    place = "/v2/asset_types/data_asset/search"
    api.post(f"{place}?catalog_id={CATALOGUE}", {}).refused(400, "missing_required_value")
    api.post(f"{place}?catalog_id={CATALOGUE}", {"query": ""}).refused(400, "invalid_parameter")
    api.post(place, {"query": "*:*"}).refused(400, "missing_required_value")
    api.post(f"{place}?catalog_id={some_id()}", {"query": "*:*"}).refused(404, "does_not_exist")


@pytest.mark.parametrize(
    "query", ["(", "a:", "a:b)", "NOT", "a:b AND", "a:(b OR", "word", '"', "a:b c", "(" * 60, "NOT " * 60 + "a:b", ":"]
)
def test_what_is_no_query_is_refused(api: Api, query: str) -> None:
    api.post(f"/v2/asset_types/data_asset/search?catalog_id={CATALOGUE}", {"query": query}).refused(400)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("asset.name:stock", True),
        ("asset.name:STOCK", True),
        ("asset.name:sto*", True),
        ("asset.name:*o*k", True),
        ("asset.name:tock", False),
        ('asset.name:"sto" OR asset.tags:b', True),
        ("asset.tags:(x OR b)", True),
        ("asset.tags:(x OR y)", False),
        ("asset.tags:a AND asset.tags:b", True),
        ("NOT asset.tags:a", False),
        ("NOT (asset.tags:x OR asset.tags:y)", True),
        ("nothing:x", False),
        ('asset.name LIKE "%TOC%"', True),
        ('asset.name: LIKE "stock" AND asset.tags:"a"', True),
        ('asset.name: LIKE "stick" AND asset.tags:"a"', False),
        ('asset.name:"LIKE" AND asset.tags:"a"', False),
        ("*:* AND asset.tags:x", False),
    ],
)
def test_the_language_of_queries(query: str, expected: bool) -> None:
    assert parse(query).matches({"asset.name": ["Stock"], "asset.tags": ["a", "b"]}) is expected


@given(st.text(st.sampled_from('ab:*() "\\ORANDT'), max_size=40))
def test_any_text_is_a_query_or_is_refused(text: str) -> None:
    assert _outcome(text) in {True, False, "refused"}


class _Watched(str):
    """A text that keeps from where to where it was searched."""

    __slots__ = ("searched",)
    searched: list[tuple[int, int]]

    def casefold(self) -> _Watched:
        return self

    def find(self, part: str, start: SupportsIndex | None = None, end: SupportsIndex | None = None, /) -> int:
        found = super().find(part, start, end)
        self.searched.append((int(start or 0), found))
        return found


def test_a_value_full_of_stars_goes_over_a_text_once() -> None:
    """Backtracking would begin again before where a part was found."""
    text = _Watched("a" * 10_000)
    text.searched = []
    stars = MAX_LENGTH // 2 - 4
    assert parse(f"a:{'a*' * stars}b").matches({"a": [text]}) is False
    assert len(text.searched) == stars - 1
    assert all(start > before for (_, before), (start, _) in pairwise(text.searched))


def _outcome(text: str) -> bool | str:
    try:
        return parse(text).matches({"a": ["b"]})
    except Invalid:
        return "refused"


def test_a_search_is_a_read(api: Api) -> None:
    from souk.identity import keys

    reader = run(api.store, lambda work: keys.create(work, "reader", scopes=["read"])).secret
    assert names(Api(api.store, reader), "data_asset", "*:*") == []
    Api(api.store, reader).post(ASSETS, LINK).refused(403, "not_authorized")
