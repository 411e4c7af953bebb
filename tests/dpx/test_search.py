"""Search over releases and drafts (contract 4.2)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from reactions import update_search
from souk.events.sequencer import drain
from souk.search import snapshot
from souk.store.port import Store
from tests.dpx.driver import Api, Wire
from tests.dpx.hub import DOMAIN, Hub, drafts, part, releases

STATE = "entity.data_product_version.state"


@pytest.fixture(autouse=True)
def fresh(bucket: str) -> Iterator[None]:
    snapshot.forget()
    yield
    snapshot.forget()


class Search:
    """Searches after everything that happened has its place in the log."""

    def __init__(self, api: Api, store: Store) -> None:
        self.api, self.store = api, store

    def answer(self, query: Wire, **more: Any) -> Wire:
        drain(self.store)
        found: Wire = self.api.post("/v3/search?auth_scope=ibm_data_product_catalog", {"query": query, **more}).expect(
            200
        )
        return found

    def names(self, query: Wire, **more: Any) -> list[str]:
        return [row["metadata"]["name"] for row in self.answer(query, **more)["rows"]]

    def text(self, words: str) -> list[str]:
        return self.names(user_query(words))


@pytest.fixture
def search(api: Api, store: Store) -> Search:
    return Search(api, store)


def user_query(words: str) -> Wire:
    return {"gs_user_query": {"search_string": words, "nlq_analyzer_enabled": False}}


def test_the_query_of_the_contract_finds_what_is_available(hub: Hub, search: Search) -> None:
    release = hub.release(name="Roast batches", description="Weights and temperatures", tags=["coffee"])
    hub.product(name="Roast plans")
    query = {"bool": {"must": user_query("roast"), "filter": {"term": {STATE: "available"}}}}
    answer = search.answer(query)
    (row,) = answer["rows"]
    assert answer["size"] == 1
    assert row["artifact_id"] == release["asset"]["id"]
    assert isinstance(row["last_updated_at"], int)
    assert row["metadata"]["artifact_type"] == "ibm_data_product_version"
    assert (row["metadata"]["name"], row["metadata"]["tags"]) == ("Roast batches", ["coffee"])
    version = row["entity"]["data_product_version"]
    assert version["product_id"] == release["data_product"]["id"]
    assert (version["version"], version["state"]) == ("1.0.0", "available")
    assert (version["domain"], version["domain_id"]) == (DOMAIN["name"], DOMAIN["id"])
    assert row["entity"]["assets"]["catalog_id"] == release["asset"]["container"]["id"]


def test_changes_show_at_once_renamed_published_retired_deleted(api: Api, hub: Hub, search: Search) -> None:
    draft = hub.product(name="Green stock")
    assert search.text("green") == ["Green stock"]
    api.patch(drafts(draft), {"op": "replace", "path": "/name", "value": "Blue stock"}).expect(200)
    assert (search.text("green"), search.text("blue")) == ([], ["Blue stock"])
    release = hub.publish(draft).expect(200)
    assert search.names({"term": {STATE: "available"}}) == ["Blue stock"]
    api.post(f"{releases(release)}/retire").expect(200)
    assert search.names({"term": {STATE: "available"}}) == []
    assert search.names({"terms": {STATE: ["retired", "draft"]}}) == ["Blue stock"]
    gone = hub.product(name="Passing thing")
    assert search.text("passing") == ["Passing thing"]
    api.delete(drafts(gone)).expect(204)
    assert search.text("passing") == []


def test_better_matches_come_first(hub: Hub, search: Search) -> None:
    hub.release(name="Sales", description="Some words about coffee among a great many other words")
    hub.release(name="Coffee sales", description="Cups", tags=["coffee"])
    hub.release(name="Tea")
    assert search.text("coffee") == ["Coffee sales", "Sales"]
    assert search.text("coffees") == ["Coffee sales", "Sales"]
    assert search.text("cof") == ["Coffee sales", "Sales"]


def test_all_words_are_better_than_some_and_some_are_better_than_none(hub: Hub, search: Search) -> None:
    hub.release(name="Roast plan")
    hub.release(name="Roast batches")
    assert search.text("roast plan") == ["Roast plan"]
    assert set(search.text("roast nothing")) == {"Roast plan", "Roast batches"}


def test_accents_do_not_matter_and_signs_do_no_harm(hub: Hub, search: Search) -> None:
    hub.release(name="Café sales")
    assert search.text("cafe") == search.text("CAFÉ") == ["Café sales"]
    for hostile in (
        '"',
        "café OR 1=1 --",
        "name:x*",
        "(((",
        "NEAR(a b)",
        "^",
        "';DROP TABLE words",
        "- - -",
        "\\",
        "*",
    ):
        search.text(hostile)
    assert search.text("cafe") == ["Café sales"]


def test_filters_join(hub: Hub, search: Search) -> None:
    first, second = hub.asset(), hub.asset()
    hub.release(name="One", tags=["a", "b"], parts_out=[part(first)])
    hub.release(name="Two", tags=["b"], parts_out=[part(second)])
    hub.product(name="Three", tags=["c"])
    name, tags = "metadata.name", "metadata.tags"
    assert search.names({"term": {name: {"value": "One"}}}) == ["One"]
    assert set(search.names({"match": {name: "one two"}})) == {"One", "Two"}
    assert search.names({"match": {name: {"query": "one two", "operator": "and"}}}) == []
    assert set(search.names({"bool": {"must_not": {"term": {tags: "c"}}}})) == {"One", "Two"}
    wanted = [{"term": {tags: one}} for one in ("a", "b", "c")]
    assert set(search.names({"bool": {"should": wanted}})) == {"One", "Two", "Three"}
    assert search.names({"bool": {"should": wanted, "minimum_should_match": 2}}) == ["One"]
    path = "entity.data_product_version.parts_out"
    assert search.names({"nested": {"path": path, "query": {"term": {f"{path}.asset.id": second}}}}) == ["Two"]
    assert search.names({"range": {"last_updated_at": {"lt": "2020-01-01T00:00:00Z"}}}) == []
    assert len(search.names({"range": {"last_updated_at": {"gte": 1577836800000}}})) == 3
    assert search.names({"term": {"metadata.artifact_type": "other"}}) == []
    assert search.names({"term": {"entity.nowhere": "x"}}) == []


def test_rows_are_cut_counted_and_paged(hub: Hub, search: Search) -> None:
    for number in range(5):
        hub.release(name=f"Batch {number}", tags=["even"] if number % 2 == 0 else ["odd"])
    answer = search.answer(
        {"match": {"metadata.name": "batch"}},
        size=2,
        _source=["artifact_id", "metadata.name"],
        aggregations={"tags": {"terms": {"field": "metadata.tags"}}, "states": {"terms": {"field": STATE}}},
    )
    assert (answer["size"], len(answer["rows"])) == (5, 2)
    assert [(set(row), set(row["metadata"])) for row in answer["rows"]] == [({"artifact_id", "metadata"}, {"name"})] * 2
    assert answer["aggregations"]["tags"]["buckets"] == [
        {"key": "even", "doc_count": 3},
        {"key": "odd", "doc_count": 2},
    ]
    assert answer["aggregations"]["states"]["buckets"] == [{"key": "available", "doc_count": 5}]
    pages = [search.names({"match": {"metadata.name": "batch"}}, **{"size": 2, "from": start}) for start in (0, 2, 4)]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert len({name for page in pages for name in page}) == 5


@pytest.mark.parametrize(
    "body",
    [
        {"query": {"fuzzy": {"metadata.name": "x"}}},
        {"query": {"script": "1"}},
        {"query": {"bool": {"must": [{"unknown": {}}]}}},
        {"query": {"bool": {"perhaps": []}}},
        {"query": {"bool": {"should": [{"term": {"a": "b"}}], "minimum_should_match": "most"}}},
        {"query": {"term": {"a": "b"}, "match": {"a": "b"}}},
        {"query": {"term": {"a": {"value": {}}}}},
        {"query": {"term": {"a": 1e300}}},
        {"query": {"terms": {"a": "b"}}},
        {"query": {"range": {"last_updated_at": {"gte": "soon"}}}},
        {"query": {"range": {"last_updated_at": {"gte": 1e300}}}},
        {"query": {"range": {"metadata.name": {"gte": 10**40}}}},
        {"query": {"terms": {"metadata.name": [10**40]}}},
        {"query": {"gs_user_query": {}}},
        {"query": []},
        {"size": -1},
        {"size": "many"},
        {"_source": {"a": 1}},
        {"aggregations": {"a": {"max": {"field": "b"}}}},
        {"query": {"bool": {"must": [{"match": {"metadata.name": "x"}}] * 60}}},
    ],
)
def test_what_cannot_be_read_is_refused(api: Api, body: Wire) -> None:
    api.post("/v3/search", body).refused(400)


def test_a_query_that_nests_without_end_is_refused(api: Api) -> None:
    query: Wire = {"term": {"a": "b"}}
    for _ in range(20):
        query = {"bool": {"must": [query]}}
    api.post("/v3/search", {"query": query}).refused(400)


def test_a_snapshot_holds_what_came_before_and_the_log_what_came_after(
    hub: Hub, search: Search, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "FEW", 0)
    hub.release(name="Before")
    drain(store)
    assert update_search.handler({}) == {"changed": 1}
    hub.release(name="After")
    snapshot.forget()
    assert set(search.names({})) == {"Before", "After"}
    assert update_search.handler({}) == {"changed": 2}


def test_the_index_is_made_anew_from_the_records(hub: Hub, search: Search, store: Store) -> None:
    hub.release(name="Kept")
    hub.product(name="Planned")
    assert update_search.handler({"rebuild": True}) == {"versions": 2}
    snapshot.forget()
    assert set(search.names({})) == {"Kept", "Planned"}


def test_products_of_other_doors_are_found(search: Search, store: Store) -> None:
    from nndm.operations import add_data_product, add_team

    def put(handler: Any, path: str, body: Wire) -> None:
        event = {
            "rawPath": path,
            "requestContext": {"http": {"method": "PUT", "path": path}},
            "pathParameters": {"id": path.rpartition("/")[2]},
            "headers": {"x-api-key": search.api.secret},
            "body": json.dumps(body),
        }
        assert handler(event)["statusCode"] == 200

    put(add_team.handler, "/api/teams/cafes", {"id": "cafes", "name": "Cafes", "type": "Team"})
    info = {"title": "Cups sold", "owner": "cafes", "status": "active"}
    product = {"dataProductSpecification": "0.0.1", "id": "cups", "info": info}
    put(add_data_product.handler, "/api/dataproducts/cups", product)
    assert search.text("cups") == ["Cups sold"]
