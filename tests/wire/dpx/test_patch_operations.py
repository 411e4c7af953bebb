"""JSON Patch on drafts, releases and documents: every operation, bad paths, bounds, all or nothing (contract 1.5)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.dpx.fields import check_version
from tests.wire.dpx.hub import DOMAIN, PRODUCTS, Hub, ok, place, refused, terms
from tests.wire.dpx.operations import LINK, NOWHERE
from tests.wire.raw import Doc


def op(verb: str, path: str, *value: Any, **more: Any) -> Doc:
    """One operation."""
    return {"op": verb, "path": path} | ({"value": value[0]} if value else {}) | more


@pytest.fixture(scope="module")
def still(hub: Hub) -> Doc:
    """A draft that no refused patch may change."""
    return hub.draft(tags=["a", "b"], description="Before", use_cases=[{"id": NOWHERE}], parts_out=[hub.part(NOWHERE)])


@pytest.fixture(scope="module")
def still_released(hub: Hub) -> Doc:
    """A release that no refused patch may change."""
    return hub.release(tags=["a", "b"], description="Before", use_cases=[{"id": NOWHERE}])


WORKS: dict[str, tuple[list[Doc], Doc]] = {
    "add": ([op("add", "/tags/-", "c")], {"tags": ["a", "b", "c"]}),
    "add in between": ([op("add", "/tags/1", "c")], {"tags": ["a", "c", "b"]}),
    "add over": ([op("add", "/name", "New")], {"name": "New"}),
    "remove": ([op("remove", "/tags/0")], {"tags": ["b"]}),
    "remove a field": ([op("remove", "/description")], {"description": ""}),
    "remove all tags": ([op("remove", "/tags")], {"tags": []}),
    "replace": ([op("replace", "/description", "After")], {"description": "After"}),
    "replace by nothing": ([op("replace", "/description", None)], {"description": ""}),
    "replace by an empty text": ([op("replace", "/description", "")], {"description": ""}),
    "move": ([op("move", "/tags/0", **{"from": "/tags/1"})], {"tags": ["b", "a"]}),
    "move a text": ([op("move", "/name", **{"from": "/description"})], {"name": "Before", "description": ""}),
    "copy": ([op("copy", "/name", **{"from": "/description"})], {"name": "Before", "description": "Before"}),
    "copy to an end": ([op("copy", "/tags/-", **{"from": "/tags/0"})], {"tags": ["a", "b", "a"]}),
    "test": ([op("test", "/tags", ["a", "b"]), op("replace", "/name", "New")], {"name": "New"}),
    "in order": ([op("add", "/tags", []), op("add", "/tags/-", "x"), op("add", "/tags/0", "y")], {"tags": ["y", "x"]}),
    "use case": ([op("add", "/use_cases/-", {"id": "u"})], {"use_cases": [{"id": NOWHERE}, {"id": "u"}]}),
    "use case away": ([op("remove", "/use_cases/0")], {"use_cases": []}),
    "types": ([op("replace", "/types", ["code"])], {"types": ["code"]}),
    "restricted": ([op("replace", "/is_restricted", True)], {"is_restricted": True}),
    "absent fields": (
        [op("replace", "/workflows", {"x": 1}), op("replace", "/comments", "c")],
        {"workflows": {"x": 1}},
    ),
    "no operation": ([], {"tags": ["a", "b"]}),
    "a slash and a tilde": ([op("add", "/properties", {"a/b": 1}), op("replace", "/properties/a~1b", 2)], {}),
}
works = pytest.mark.parametrize(("operations", "expected"), WORKS.values(), ids=WORKS.keys())


@works
def test_an_operation_on_a_draft(hub: Hub, operations: list[Doc], expected: Doc) -> None:
    draft = hub.draft(tags=["a", "b"], description="Before", use_cases=[{"id": NOWHERE}])
    shown = hub.patch(place(draft), *operations)
    check_version(shown)
    assert {name: shown[name] for name in expected} == expected
    assert hub.get(place(draft)) == shown


@works
def test_an_operation_on_a_release(hub: Hub, operations: list[Doc], expected: Doc) -> None:
    release = hub.release(tags=["a", "b"], description="Before", use_cases=[{"id": NOWHERE}])
    shown = hub.patch(place(release, "releases"), *operations)
    check_version(shown)
    assert {name: shown[name] for name in expected} == expected
    assert hub.get(place(release, "releases")) == shown


MALFORMED: dict[str, Any] = {
    "an object": op("add", "/name", "x"),
    "a text": "add",
    "a list of texts": ["add"],
    "nothing": [{}],
    "null": [None],
    "an unknown op": [op("grow", "/name", "x")],
    "an op in capitals": [op("ADD", "/name", "x")],
    "no op": [{"path": "/name", "value": "x"}],
    "op of another kind": [{"op": 1, "path": "/name", "value": "x"}],
    "no path": [{"op": "add", "value": "x"}],
    "path of another kind": [{"op": "add", "path": 1, "value": "x"}],
    "a path without a slash": [op("add", "name", "x")],
    "add without a value": [op("add", "/name")],
    "replace without a value": [op("replace", "/name")],
    "test without a value": [op("test", "/name")],
    "move without from": [op("move", "/name")],
    "copy without from": [op("copy", "/name")],
    "remove of nothing": [op("remove", "/nothing")],
    "replace of nothing": [op("replace", "/nothing", "x")],
    "a place that is not there": [op("add", "/nothing/deep", 1)],
    "an index that is not there": [op("remove", "/tags/7")],
    "an index past the end": [op("add", "/tags/9", "x")],
    "a negative index": [op("add", "/tags/-1", "x")],
    "an index with a zero": [op("add", "/tags/00", "x")],
    "an index that is a word": [op("add", "/tags/x", "x")],
    "a step into a text": [op("add", "/name/0", "x")],
    "copy from nothing": [op("copy", "/name", **{"from": "/nothing"})],
    "move from nothing": [op("move", "/name", **{"from": "/nothing"})],
    "move into itself": [op("move", "/domain/inner", **{"from": "/domain"})],
    "the whole away": [op("remove", "")],
    "the whole replaced": [op("replace", "", [])],
    "too many": [op("add", "/tags/-", "x")] * 2000,
    "a path that is too long": [op("add", "/" + "x" * 2000, "x")],
    "doubling": [op("copy", f"/x{number}", **{"from": ""}) for number in range(40)],
}


@pytest.mark.parametrize("operations", MALFORMED.values(), ids=MALFORMED.keys())
@pytest.mark.parametrize("kind", ["drafts", "releases"])
def test_a_malformed_patch(hub: Hub, still: Doc, still_released: Doc, kind: str, operations: Any) -> None:
    version = {"drafts": still, "releases": still_released}[kind]
    codes = refused(hub.call("PATCH", place(version, kind), operations), 400)
    assert set(codes) == {"patch_error"}
    assert hub.get(place(version, kind)) == version


FIXED = ["id", "asset", "data_product", "created_by", "created_at", "published_by", "published_at"]


@pytest.mark.parametrize("name", FIXED)
@pytest.mark.parametrize("value", ["x", {"id": NOWHERE}])
@pytest.mark.parametrize("kind", ["drafts", "releases"])
def test_what_no_patch_changes(hub: Hub, still: Doc, still_released: Doc, kind: str, name: str, value: Any) -> None:
    version = {"drafts": still, "releases": still_released}[kind]
    refused(hub.call("PATCH", place(version, kind), [op("add", f"/{name}", value)]), 400)
    assert hub.get(place(version, kind)) == version


@pytest.mark.parametrize("name", ["id", "asset", "data_product", "created_by", "created_at"])
def test_what_no_patch_takes_away(hub: Hub, still: Doc, name: str) -> None:
    refused(hub.call("PATCH", place(still), [op("remove", f"/{name}")]), 400)
    assert hub.get(place(still)) == still


@pytest.mark.parametrize("name", ["name", "version", "state", "contract_terms"])
def test_what_a_version_keeps(hub: Hub, still: Doc, name: str) -> None:
    refused(hub.call("PATCH", place(still), [op("remove", f"/{name}")]), 400)
    assert hub.get(place(still)) == still


@pytest.mark.parametrize(
    "bad",
    [
        op("remove", "/nothing"),
        op("replace", "/name", ""),
        op("replace", "/id", "x"),
        op("replace", "/tags", "x"),
        op("replace", "/state", "retired"),
        op("add", "/parts_out/-", {}),
    ],
    ids=lambda one: f"{one['op']} {one['path']}",
)
@pytest.mark.parametrize("position", [0, 1, 2])
def test_all_or_nothing(hub: Hub, still: Doc, bad: Doc, position: int) -> None:
    operations = [op("replace", "/description", "After"), op("add", "/comments", "c")]
    operations.insert(position, bad)
    refused(hub.call("PATCH", place(still), operations), 400)
    assert hub.get(place(still)) == still


@pytest.mark.parametrize(
    ("path", "value"),
    [("/name", "x"), ("/nothing", 1), ("/tags", ["a"]), ("/is_restricted", 0), ("/tags/5", "x"), ("/domain/id", None)],
)
@pytest.mark.parametrize("kind", ["drafts", "releases"])
def test_a_test_that_fails(hub: Hub, still: Doc, still_released: Doc, kind: str, path: str, value: Any) -> None:
    version = {"drafts": still, "releases": still_released}[kind]
    operations = [op("replace", "/description", "After"), op("test", path, value)]
    assert refused(hub.call("PATCH", place(version, kind), operations), 409) == ["conflict"]
    assert hub.get(place(version, kind)) == version


@pytest.mark.parametrize("state", ["draft", "retired", "x", "", None, 1])
def test_the_state_of_a_release_is_not_patched(hub: Hub, still_released: Doc, state: Any) -> None:
    refused(hub.call("PATCH", place(still_released, "releases"), [op("replace", "/state", state)]), 400)
    assert hub.get(place(still_released, "releases")) == still_released


def test_a_state_that_stands_may_be_written(hub: Hub) -> None:
    draft, release = hub.draft(), hub.release()
    assert hub.patch(place(draft), op("replace", "/state", "draft"))["state"] == "draft"
    assert hub.patch(place(release, "releases"), op("replace", "/state", "available"))["state"] == "available"


@pytest.mark.parametrize("kind", ["drafts", "releases"])
def test_parts_up_to_twenty(hub: Hub, kind: str) -> None:
    version = {"drafts": hub.draft, "releases": hub.release}[kind](parts_out=[])
    page = hub.page()
    twenty = [hub.part(page)] * 20
    shown = hub.patch(place(version, kind), op("add", "/parts_out", twenty))
    check_version(shown)
    assert len(shown["parts_out"]) == 20
    refused(hub.call("PATCH", place(version, kind), [op("add", "/parts_out/-", hub.part(page))]), 400)
    refused(hub.call("PATCH", place(version, kind), [op("add", "/parts_out", [*twenty, hub.part(page)])]), 400)
    shown = hub.patch(place(version, kind), op("remove", "/parts_out/0"))
    assert len(shown["parts_out"]) == 19
    assert hub.patch(place(version, kind), op("replace", "/parts_out", []))["parts_out"] == []


def test_patches_seen_in_the_wild(hub: Hub) -> None:
    draft, method = hub.draft(domain=None), hub.method("Open URL")
    wild = {"asset": {"id": hub.page(), "container": {"id": hub.catalog, "type": "catalog"}, "type": "data_asset"}}
    shown = hub.patch(
        place(draft),
        op("replace", "/description", "Words"),
        op("add", "/domain", DOMAIN),
        op("add", "/parts_out", []),
        op("add", "/parts_out/-", wild | {"delivery_methods": []}),
        op("add", "/parts_out/0/delivery_methods/-", {"id": method, "container": hub.container, "properties": {}}),
        op("replace", "/is_restricted", True),
        op("replace", "/workflows", {"order_access_request": {"pre_approved_users": []}}),
    )
    check_version(shown)
    assert shown["parts_out"][0]["delivery_methods"] == [{"id": method, "container": hub.container, "properties": {}}]
    assert shown["domain"] == DOMAIN | {"container": hub.container}
    assert hub.patch(place(draft), op("remove", "/parts_out/0"))["parts_out"] == []


def test_a_number_that_another_version_has(hub: Hub) -> None:
    first = hub.draft()
    second = hub.post(f"{PRODUCTS}/{first['data_product']['id']}/drafts", {"container": hub.container}, 201)
    taken = op("replace", "/version", first["version"])
    assert refused(hub.call("PATCH", place(second), [taken]), 409) == ["already_exists"]
    assert hub.patch(place(second), op("replace", "/version", "7.0.0"))["version"] == "7.0.0"


@pytest.mark.parametrize("operations", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_patch_of_a_document(hub: Hub, linked: tuple[str, Doc], operations: Any) -> None:
    target, document = linked
    assert refused(hub.call("PATCH", target, operations), 400)
    assert hub.get(target) == document


@pytest.fixture(scope="module")
def linked(hub: Hub) -> tuple[str, Doc]:
    """A document by link, and its path."""
    draft = hub.draft()
    document = hub.post(terms(draft), LINK, 201)
    return f"{terms(draft)}/{document['id']}", document


@pytest.mark.parametrize(
    "operation",
    [
        *[op("replace", "/name", value) for value in ("", " ", "x" * 257, "a/b", 1, None)],
        *[op("replace", "/type", value) for value in ("poem", "", "SLA", 1, None)],
        *[op("replace", "/url", value) for value in ("", "x", "ftp://x", "https://a b", "https://" + "x" * 1000, 1)],
        op("remove", "/url"),
        op("remove", "/name"),
        op("remove", "/type"),
        op("replace", "/id", NOWHERE),
        op("remove", "/id"),
        op("add", "/attachment", {"id": NOWHERE}),
    ],
    ids=lambda one: f"{one['op']} {one['path']} {str(one.get('value'))[:12]}",
)
def test_what_a_document_does_not_become(hub: Hub, linked: tuple[str, Doc], operation: Doc) -> None:
    target, document = linked
    refused(hub.call("PATCH", target, [operation]), 400)
    assert hub.get(target) == document


def test_a_document_is_changed(hub: Hub) -> None:
    draft = hub.draft()
    document = hub.post(terms(draft), LINK, 201)
    target = f"{terms(draft)}/{document['id']}"
    changes = [op("add", "/name", "New"), op("replace", "/type", "terms_and_conditions")]
    shown = ok(hub.call("PATCH", target, [*changes, op("replace", "/url", "http://example.com/1")]))
    assert shown == {"id": document["id"], "type": "terms_and_conditions", "name": "New", "url": "http://example.com/1"}
    assert hub.get(target) == shown
    refused(hub.call("PATCH", target, [op("test", "/name", "Old")]), 409)
