"""The query languages: full-text search and lists of orders (contract 4.2, 4.3)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.wire.dpx.fields import check_order, check_row
from tests.wire.dpx.hub import LISTS, Hub, eventually, fresh, place, refused
from tests.wire.dpx.ordering import Offer, reached
from tests.wire.raw import Doc

ENTITY = "entity.data_product_version."


class Corpus:
    """Three versions that share a word: a draft, a release and a retired one."""

    def __init__(self, hub: Hub) -> None:
        self.hub, self.word = hub, fresh("W").partition(" ")[2]
        name = f"Beans {self.word}"
        self.draft = hub.draft(name=name, tags=["green"], description="Kenya")
        self.release = hub.release(name=name, tags=["roasted"], description="Brazil")
        self.retired = hub.release(name=name, tags=["old"], description="Java")
        hub.post(f"{place(self.retired, 'releases')}/retire")
        eventually(lambda: sorted(self.states({})) == ["available", "draft", "retired"])

    def rows(self, query: Any, **body: Any) -> list[Doc]:
        """What matches the query and has the word."""
        own = {"gs_user_query": {"search_string": self.word, "nlq_analyzer_enabled": False}}
        both = {"bool": {"must": [own, *([query] if query else [])]}}
        answer = self.hub.post("/v3/search?role=viewer&tenant_scope=true", {"query": both, **body})
        assert isinstance(answer["size"], int)
        found: list[Doc] = answer["rows"]
        return found

    def states(self, query: Any) -> list[str]:
        rows = self.rows(query)
        for row in rows:
            check_row(row)
        return [row["entity"]["data_product_version"]["state"] for row in rows]


@pytest.fixture(scope="module")
def corpus(hub: Hub) -> Corpus:
    return Corpus(hub)


STATE = f"{ENTITY}state"
DRAFT, AVAILABLE = ({"term": {STATE: state}} for state in ("draft", "available"))
FOUND: dict[str, tuple[Any, list[str]]] = {
    "term": (AVAILABLE, ["available"]),
    "term with a value": ({"term": {STATE: {"value": "draft"}}}, ["draft"]),
    "terms": ({"terms": {STATE: ["draft", "retired"]}}, ["draft", "retired"]),
    "terms of none": ({"terms": {STATE: []}}, []),
    "match": ({"match": {"metadata.description": "kenya"}}, ["draft"]),
    "match of a list": ({"match": {"metadata.tags": "roasted"}}, ["available"]),
    "match with a query": ({"match": {"metadata.description": {"query": "Brazil"}}}, ["available"]),
    "range": ({"range": {"last_updated_at": {"gte": 1_600_000_000_000}}}, ["available", "draft", "retired"]),
    "range of nothing": ({"range": {"last_updated_at": {"lt": 1_600_000_000_000}}}, []),
    "range of dates": (
        {"range": {"metadata.modified_on": {"gt": "2020-01-01T00:00:00Z"}}},
        ["available", "draft", "retired"],
    ),
    "must": ({"bool": {"must": [DRAFT]}}, ["draft"]),
    "must as an object": ({"bool": {"must": DRAFT}}, ["draft"]),
    "filter": ({"bool": {"filter": AVAILABLE}}, ["available"]),
    "must not": ({"bool": {"must_not": [DRAFT]}}, ["available", "retired"]),
    "should": ({"bool": {"should": [DRAFT, AVAILABLE]}}, ["available", "draft"]),
    "should both": ({"bool": {"should": [DRAFT, AVAILABLE], "minimum_should_match": 2}}, []),
    "should one": ({"bool": {"should": [DRAFT, AVAILABLE], "minimum_should_match": 1}}, ["available", "draft"]),
    "nested": ({"nested": {"path": "entity.data_product_version", "query": DRAFT}}, ["draft"]),
    "user query": ({"gs_user_query": {"search_string": "Kenya"}}, ["draft"]),
    "user query of fields": (
        {
            "gs_user_query": {
                "search_string": "Kenya",
                "search_fields": ["metadata.name"],
                "semantic_search_enabled": False,
            }
        },
        [],
    ),
    "type": ({"term": {"metadata.artifact_type": "ibm_data_product_version"}}, ["available", "draft", "retired"]),
    "another type": ({"term": {"metadata.artifact_type": "data_asset"}}, []),
    "nothing has this field": ({"term": {"entity.x": "y"}}, []),
    "domain": ({"term": {f"{ENTITY}domain": "Roasting"}}, ["available", "draft", "retired"]),
    "number": ({"term": {f"{ENTITY}version": "1.0.0"}}, ["available", "draft", "retired"]),
}


@pytest.mark.parametrize(("query", "expected"), FOUND.values(), ids=FOUND.keys())
def test_what_a_search_finds(corpus: Corpus, query: Any, expected: list[str]) -> None:
    assert sorted(corpus.states(query)) == expected


def test_a_row_tells_of_its_version(corpus: Corpus) -> None:
    (row,) = corpus.rows(AVAILABLE)
    release = corpus.release
    assert row["artifact_id"] == release["asset"]["id"]
    assert (row["metadata"]["name"], row["metadata"]["tags"]) == (release["name"], release["tags"])
    shown = row["entity"]["data_product_version"]
    assert (shown["id"], shown["product_id"], shown["version"]) == (
        release["id"],
        release["data_product"]["id"],
        "1.0.0",
    )
    assert (shown["domain"], shown["domain_id"]) == (release["domain"]["name"], release["domain"]["id"])
    assert corpus.rows({"term": {"artifact_id": release["asset"]["id"]}}) == [row]


def test_a_search_is_cut(corpus: Corpus) -> None:
    assert len(corpus.rows({}, size=2)) == 2
    assert corpus.rows({}, size=0) == []
    (row,) = corpus.rows(DRAFT, _source=["artifact_id", "metadata.name"])
    assert row == {"artifact_id": corpus.draft["asset"]["id"], "metadata": {"name": corpus.draft["name"]}}


def test_a_search_counts(corpus: Corpus) -> None:
    body: Doc = {
        "query": {"gs_user_query": {"search_string": corpus.word}},
        "size": 0,
        "aggregations": {"states": {"terms": {"field": STATE}}},
    }
    answer = corpus.hub.post("/v3/search?auth_scope=ibm_data_product_catalog&auth_cache=true", body)
    buckets = {one["key"]: one["doc_count"] for one in answer["aggregations"]["states"]["buckets"]}
    assert buckets == {"draft": 1, "available": 1, "retired": 1}


def test_a_search_for_all(hub: Hub, corpus: Corpus) -> None:
    assert corpus.word
    bodies: list[Doc] = [{}, {"query": None}, {"query": {}}, {"query": {"bool": {}}}]
    for body in bodies:
        assert hub.post("/v3/search", body)["rows"]


NO_QUERIES: list[Any] = ["x", 1, [], {"fuzzy": {}}, {"term": {}}, {"term": "x"}, {"bool": []}, {"bool": 1}]
NO_CLAUSES: list[Any] = ["x", [1], {"regexp": {}}, [{"exists": {}}]]
NO_SIZES: list[Any] = [-1, "x", 1.5, True]
NO_PATHS: list[Any] = [1, {"a": 1}, [1]]
NO_COUNTS: list[Any] = ["x", {"a": 1}, {"a": {"sum": {"field": "x"}}}]


@pytest.mark.parametrize(
    "body",
    [
        *[{"query": query} for query in NO_QUERIES],
        *[
            {"query": {kind: 1}}
            for kind in ("terms", "match", "range", "nested", "gs_user_query", "wildcard", "script")
        ],
        *[{"query": {"bool": {"must": one}}} for one in NO_CLAUSES],
        {"query": {"bool": {"want": []}}},
        {"query": {"term": {STATE: "a"}, "terms": {STATE: ["a"]}}},
        {"query": {"term": {STATE: {}}}},
        {"query": {"term": {STATE: [1]}}},
        {"query": {"terms": {STATE: "x"}}},
        {"query": {"range": {"last_updated_at": {}}}},
        {"query": {"range": {"last_updated_at": {"gte": "x"}}}},
        {"query": {"range": {"last_updated_at": {"near": 1}}}},
        {"query": {"gs_user_query": {}}},
        {"query": {"gs_user_query": {"search_string": 1}}},
        {"query": {"bool": {"should": [], "minimum_should_match": "x"}}} | {"size": -1},
        *[{"size": size} for size in NO_SIZES],
        *[{"_source": one} for one in NO_PATHS],
        *[{"aggregations": one} for one in NO_COUNTS],
    ],
)
def test_a_search_that_is_none(hub: Hub, body: Doc) -> None:
    assert set(refused(hub.call("POST", "/v3/search", body), 400)) == {"invalid_parameter"}


class Sales:
    """Two orders of a release: one delivered, one that waits."""

    def __init__(self, hub: Hub, buyer: Hub) -> None:
        self.buyer = buyer
        method = hub.method("Open URL")
        self.done = Offer(hub, (hub.page(), method)).ordered(buyer)
        self.open = Offer(hub, (hub.page(), method), is_restricted=True).ordered(buyer)
        reached(buyer, self.done, "succeeded")
        self.fill = {
            "a": self.done["asset"]["asset"]["metadata"]["id"],
            "b": self.open["asset"]["asset"]["metadata"]["id"],
            "owner": self.done["access_control"]["owner"],
            "name": self.done["name"],
        }

    def found(self, query: str) -> set[str]:
        """Which of the two orders match."""
        for name, value in self.fill.items():
            query = query.replace(f"<{name}>", value)
        answer = self.buyer.get(f"{LISTS}?query={quote(query)}")
        for one in answer["asset_lists"]:
            check_order(one)
        ids = [one["id"] for one in answer["asset_lists"]]
        assert answer["total_count"] >= len(ids)
        return {name for name, order in (("done", self.done), ("open", self.open)) if order["id"] in ids}


@pytest.fixture(scope="module")
def sales(hub: Hub, buyer: Hub) -> Sales:
    return Sales(hub, buyer)


EITHER = '(asset.id=="<a>"||asset.id=="<b>")'
QUERIES: dict[str, set[str]] = {
    'type=="order"': {"done", "open"},
    'type=="basket"': set(),
    EITHER: {"done", "open"},
    f'{EITHER}&&state=="succeeded"': {"done"},
    'type=="order"&&(asset.id=="<a>"&&state=="succeeded")': {"done"},
    'asset.id=="<a>" && state != "succeeded"': set(),
    'asset.id=="<b>" && state != "succeeded"': {"open"},
    f'{EITHER} && !(state=="received")': {"done"},
    f'{EITHER} && state in ["received", "rejected"]': {"open"},
    f'{EITHER} && created_at>="2025-10-08T23:00:00Z"': {"done", "open"},
    f'{EITHER} && created_at<"2025-10-08T23:00:00Z"': set(),
    f'{EITHER} && last_updated_at > timestamp("2025-10-08T23:00:00Z")': {"done", "open"},
    f'{EITHER} && access_control.owner=="<owner>"': {"done", "open"},
    f'{EITHER} && access_control.owner=="nobody"': set(),
    'name=="<name>"': {"done"},
    f"{EITHER} && '2025-10-08T23:00:00Z' < created_at": {"done", "open"},
    'asset.id=="nothing"': set(),
}


@pytest.mark.parametrize(("query", "expected"), QUERIES.items())
def test_orders_by_a_query(sales: Sales, query: str, expected: set[str]) -> None:
    assert sales.found(query) == expected


@pytest.mark.parametrize(
    "query",
    [
        *["(", ")", "state", 'state="x"', 'state=="x', 'state=="x"&&', '&&state=="x"', 'state=="x" state=="y"', "1==1"],
        *['nothing=="x"', "state==1", "state==state", 'created_at>="yesterday"', "size(name)>1", '"x"', 'state in "x"'],
        *["(" * 50 + 'state=="x"' + ")" * 50, 'state=="' + "x" * 5000 + '"', " "],
    ],
)
def test_a_query_that_is_none(buyer: Hub, query: str) -> None:
    assert refused(buyer.call("GET", f"{LISTS}?query={quote(query)}"), 400) == ["invalid_parameter"]


@pytest.mark.parametrize("query", ["limit=-1", "limit=201", "limit=x", "start=x", "sort=x", "sort=-asset"])
def test_a_page_of_orders_that_is_none(buyer: Hub, query: str) -> None:
    assert refused(buyer.call("GET", f"{LISTS}?{query}"), 400) == ["invalid_parameter"]


@pytest.mark.parametrize("name", ["created_at", "last_updated_at", "name", "state"])
def test_orders_are_sorted(buyer: Hub, sales: Sales, name: str) -> None:
    assert sales.done
    up, down = (buyer.get(f"{LISTS}?sort={sign}{name}")["asset_lists"] for sign in ("", "-"))
    values = [one[name] for one in up]
    assert values == sorted(values)
    assert [one[name] for one in down] == values[::-1]


def test_pages_of_orders(buyer: Hub, sales: Sales) -> None:
    query = quote('type=="order"')
    page = buyer.get(f"{LISTS}?query={query}&limit=1")
    total, ids = page["total_count"], [page["asset_lists"][0]["id"]]
    while "next" in page:
        assert len(ids) <= total
        page = buyer.get(f"{LISTS}?query={query}&limit=1&start={page['next']['start']}")
        ids += [one["id"] for one in page["asset_lists"]]
    assert len(ids) == len(set(ids)) == total
    assert {sales.done["id"], sales.open["id"]} <= set(ids)
    counted = buyer.get(f"{LISTS}?query={query}&limit=0")
    assert (counted["asset_lists"], counted["limit"], counted["total_count"]) == ([], 0, total)
    assert "next" not in counted
