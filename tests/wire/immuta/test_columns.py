"""Columns of a product's data sources (contract section 4, ruling R3)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.immuta.door import Caller, Marketplace, check_meta, path_of, worded
from tests.wire.immuta.extras import Extras
from tests.wire.immuta.operations import ABSENT
from tests.wire.raw import Doc

BAD_OFFSET_LISTS: list[tuple[str, Any]] = [
    *(("limit", value) for value in ("0", "-1", "x", "1.5", "", "1e3", "NaN")),
    *(("offset", value) for value in ("-1", "x", "0.5", "", "null")),
    *(("sortOrder", value) for value in ("up", "ASCENDING", "1")),
]
BAD = [
    *BAD_OFFSET_LISTS,
    *(("dir", value) for value in ("up", "1")),
    *(("maskedOnly", value) for value in ("yes", "1", "maybe")),
    *(("dataObjectId", value) for value in ("x", "1")),
]


@pytest.fixture(scope="module")
def wide(place: Marketplace, extras: Extras) -> Doc:
    """A product with 26 columns."""
    return place.product(dataSources=place.attached(extras.wide, extras.odd))


def names(caller: Caller, product: Doc, **query: Any) -> list[str]:
    return [one["name"] for one in caller.get(path_of(product, "columns"), **({"limit": 100} | query))["data"]]


def every(caller: Caller, product: Doc) -> list[Doc]:
    found: list[Doc] = caller.get(path_of(product, "columns"), limit=1000)["data"]
    return found


@pytest.mark.parametrize(("name", "value"), BAD, ids=str)
def test_bad_parameters(other: Caller, still: Doc, name: str, value: Any) -> None:
    worded(other.call("GET", path_of(still, "columns"), **{name: value}), 400)


def test_every_item(place: Marketplace, other: Caller, still: Doc) -> None:
    always = {"name", "sourceId", "sourceName", "tags"}
    for one in every(other, still):
        assert always <= one.keys() <= always | {"type", "globalPolicyInfo", "localPolicyInfo"}
        assert all(isinstance(tag, str) for tag in one["tags"])
        assert one["sourceId"] in place.sources
        infos = [one["globalPolicyInfo"], one["localPolicyInfo"]]
        assert all(info is None or isinstance(info["maskingType"], str) for info in infos)


@pytest.mark.parametrize(
    ("offset", "limit"), [(0, 10), (10, 10), (20, 10), (0, 1), (25, 1), (26, 1), (5, 7), (0, 26), (0, 500), (1000, 3)]
)
def test_pages(other: Caller, wide: Doc, offset: int, limit: int) -> None:
    page = other.get(path_of(wide, "columns"), offset=offset, limit=limit)
    expected = every(other, wide)[offset : offset + limit]
    assert page["data"] == expected
    check_meta(page["meta"], offset, limit, 26, len(expected))


def test_defaults(other: Caller, wide: Doc) -> None:
    page = other.get(path_of(wide, "columns"))
    check_meta(page["meta"], 0, 10, 26, 10)
    assert [one["name"] for one in page["data"]] == sorted(names(other, wide))[:10]


@pytest.mark.parametrize(
    ("query", "backwards"),
    [
        ({}, False),
        ({"sortOrder": "asc"}, False),
        ({"sortOrder": "desc"}, True),
        ({"dir": "ASC"}, False),
        ({"dir": "DESC"}, True),
        ({"dir": "DESC", "sortOrder": "asc"}, False),
        ({"dir": "ASC", "sortOrder": "desc"}, True),
    ],
    ids=str,
)
def test_order(other: Caller, wide: Doc, query: Doc, backwards: bool) -> None:
    found = names(other, wide, **query)
    assert len(found) == 26
    assert found == sorted(found, reverse=backwards)


def test_the_source_comes_second(other: Caller, still: Doc) -> None:
    found = [(one["name"], one["sourceName"]) for one in every(other, still)]
    assert found == sorted(found)
    assert len({name for name, _ in found}) < len(found)


@pytest.mark.parametrize("key", ["dataSourceIds", "dataSourceIds[]"])
@pytest.mark.parametrize("chosen", [slice(0, 1), slice(1, 3), slice(0, 4)])
def test_some_sources(place: Marketplace, other: Caller, still: Doc, key: str, chosen: slice) -> None:
    wanted = place.sources[chosen]
    page = other.get(path_of(still, "columns"), limit=100, **{key: wanted})
    assert page["data"] == [one for one in every(other, still) if one["sourceId"] in wanted]
    assert page["meta"]["totalCount"] == len(page["data"]) > 0


@pytest.mark.parametrize("query", [{"dataSourceIds": "nowhere"}, {"tagIds": "nowhere"}, {"searchText": "nowhere"}])
def test_nothing_found(other: Caller, still: Doc, query: Doc) -> None:
    page = other.get(path_of(still, "columns"), **query)
    assert page["data"] == []
    check_meta(page["meta"], 0, 10, 0, 0)


def test_masked_only(other: Caller, wide: Doc, still: Doc) -> None:
    assert names(other, wide, maskedOnly="true") == [f"Column_{number:02}" for number in range(0, 25, 5)]
    assert len(names(other, wide, maskedOnly="false")) == 26
    masked = [one for one in every(other, still) if one["globalPolicyInfo"] or one["localPolicyInfo"]]
    assert other.get(path_of(still, "columns"), maskedOnly="true", limit=100)["data"] == masked
    assert {bool(one["localPolicyInfo"]) for one in masked} == {True, False}


@pytest.mark.parametrize("tags", [["tag-0"], ["tag-1"], ["tag-0", "tag-2"]])
@pytest.mark.parametrize("key", ["tagIds", "tagIds[]"])
def test_tags(other: Caller, wide: Doc, tags: list[str], key: str) -> None:
    expected = [one["name"] for one in every(other, wide) if set(one["tags"]) & set(tags)]
    assert names(other, wide, **{key: tags}) == expected != []


@pytest.mark.parametrize(
    ("text", "hits"), [("column_0", 10), ("COLUMN_1", 10), ("_24", 1), ("", 26), ("%", 1), ("[x]", 1), (".", 0)]
)
def test_search_text(other: Caller, wide: Doc, text: str, hits: int) -> None:
    assert len(names(other, wide, searchText=text)) == hits


def test_filters_together(other: Caller, wide: Doc, extras: Extras) -> None:
    query = {"searchText": "column", "maskedOnly": "true", "tagIds": "tag-0", "dataSourceIds": extras.wide}
    assert names(other, wide, **query, sortOrder="desc") == ["Column_15", "Column_00"]
    assert names(other, wide, dataObjectId=ABSENT) == []


def test_replaced_sources_change_the_columns(place: Marketplace, manager: Caller, other: Caller) -> None:
    product = place.product(dataSources=place.attached())
    assert names(other, product)
    manager.ok("PUT", path_of(product, "datasources"), {"dataSources": []})
    assert names(other, product) == []
