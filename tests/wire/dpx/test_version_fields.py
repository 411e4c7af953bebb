"""Every field of a version: what may be written, what comes back, what is refused (contract section 2, 3.2, 3.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.wire.dpx.fields import check_product, check_version
from tests.wire.dpx.hub import PRODUCTS, Hub, place, refused, some_id
from tests.wire.dpx.operations import LINK, NOWHERE
from tests.wire.raw import Answer, Doc

HARD = 'Aa 1_2-3.4,5:6$7&8(9)0^" \N{LATIN SMALL LETTER E WITH ACUTE}'
PART: Doc = {"asset": {"id": NOWHERE}}
GOOD: dict[str, list[Any]] = {
    "name": ["x", HARD, "x" * 256, "a b", " a "],
    "description": ["x", HARD, "x" * 4000, "line\nline\ttab"],
    "version": ["0.0.1", "1.0.0", "10.20.30", "1.1." + "9" * 32],
    "tags": [[], ["x"], [HARD, "x" * 256], [str(number) for number in range(1000)], ["same", "same"]],
    "types": [[], ["data"], ["code"], ["data", "code"]],
    "use_cases": [[], [{"id": some_id()}], [{"id": some_id(), "name": "Planning", "container": {"id": NOWHERE}}]],
    "is_restricted": [True, False],
    "domain": [{"id": some_id()}, {"id": some_id(), "name": "Roasting"}],
    "parts_out": [[], [PART], [PART | {"revision": 3, "updated_at": "2026-01-01T00:00:00Z"}]],
    "contract_terms": [[], [{}], [{"documents": []}], [{"documents": [LINK]}]],
    "workflows": [{"order_access_request": {"task_assignee_users": ["x"]}}],
    "dataview_enabled": [True, False],
    "comments": ["well", "x / y"],
    "access_control": [{"owner": "somebody"}],
    "sub_container": [{"id": NOWHERE, "type": "catalog"}],
    "properties": [{"a": {"b": [1, None, 2.5]}}],
}
BAD: dict[str, list[Any]] = {
    "name": ["", " ", "\t\n", "x" * 257, "a/b", "a@b", "a!b", "<b>", "#", 1, True, [], {}],
    "description": ["x" * 4001, "a/b", "<b>", 1, False, [], {}],
    "version": [
        "",
        "1",
        "1.0",
        "1.0.0.0",
        "v1.0.0",
        "a.b.c",
        "1.0.x",
        " 1.0.0",
        "1.0.0 ",
        "1-0-0",
        "1.1." + "9" * 33,
        1,
        1.0,
        [],
        {},
    ],
    "tags": ["x", {}, 1, [1], [None, 1], [[]], [""], ["x" * 257], ["a/b"], ["x"] * 1001],
    "types": ["data", {}, 1, [1], ["Data"], ["model"], [""], ["data", "x"]],
    "use_cases": ["x", {}, [1], ["x"], [{}], [{"name": "x"}], [{"id": 1}], [{"id": ""}], [{"id": "x"}] * 1001],
    "is_restricted": ["true", 0, 1, [], {}],
    "domain": ["x", 1, [], {}, {"name": "x"}, {"id": 1}, {"id": some_id(), "name": 1}],
    "parts_out": [
        "x",
        {},
        [1],
        [{}],
        [{"asset": {}}],
        [{"asset": "x"}],
        [{"asset": {"id": 1}}],
        [{"asset": {"id": "x"}}],
        [PART | {"revision": "x"}],
        [PART | {"delivery_methods": "x"}],
        [PART | {"delivery_methods": [{}]}],
        [PART | {"delivery_methods": [{"id": "x"}]}],
        [PART] * 1001,
    ],
    "contract_terms": [
        "x",
        {},
        [1],
        [{}, {}],
        [{"documents": "x"}],
        [{"documents": [{}]}],
        [{"documents": [LINK | {"url": "ftp://x"}]}],
        [{"documents": [LINK | {"type": "poem"}]}],
    ],
    "asset": [
        "x",
        1,
        [],
        {},
        {"container": {}},
        {"container": "x"},
        {"container": {"id": 1}},
        {"container": {"id": "x"}},
    ],
    "state": ["available", "retired", "x", "", 1],
}


def cases(table: dict[str, list[Any]]) -> list[Any]:
    return [
        pytest.param(name, one, id=f"{name}-{number}")
        for name, ones in table.items()
        for number, one in enumerate(ones)
    ]


def first(hub: Hub, fields: Doc) -> Answer:
    return hub.call("POST", PRODUCTS, {"drafts": [fields]})


def further(hub: Hub, fields: Doc) -> Answer:
    product = hub.draft(version="8.8.8")["data_product"]["id"]
    return hub.call("POST", f"{PRODUCTS}/{product}/drafts", fields)


WAYS = pytest.mark.parametrize("make", [first, further])
Make = Callable[[Hub, Doc], Answer]


def holds(shown: Any, sent: Any) -> bool:
    """What was sent is shown, whatever the server adds to objects."""
    if isinstance(sent, dict):
        return isinstance(shown, dict) and all(key in shown and holds(shown[key], one) for key, one in sent.items())
    if isinstance(sent, list):
        return isinstance(shown, list) and len(shown) >= len(sent) and all(map(holds, shown, sent))
    return bool(shown == sent)


def made(answer: Answer) -> Doc:
    """The draft in the answer to either creation."""
    assert answer.status == 201, answer
    body: Doc = answer.json()
    return {"drafts": [body], **body}["drafts"][0]  # type: ignore[no-any-return]


@WAYS
@pytest.mark.parametrize(("name", "value"), cases(GOOD))
def test_a_field_that_is_right_comes_back(hub: Hub, make: Make, name: str, value: Any) -> None:
    draft = made(make(hub, hub.prototype() | {name: value}))
    check_version(draft)
    assert holds(draft[name], value)
    assert hub.get(place(draft)) == draft


@WAYS
@pytest.mark.parametrize(("name", "value"), cases(BAD))
def test_a_field_that_is_wrong_is_refused(hub: Hub, make: Make, name: str, value: Any) -> None:
    codes = refused(make(hub, hub.prototype() | {name: value}), 400)
    assert set(codes) <= {"invalid_parameter", "missing_required_value", "request_body_error"}


@pytest.mark.parametrize(("name", "value"), cases({key: ones for key, ones in GOOD.items() if key != "contract_terms"}))
def test_a_patch_writes_every_field(hub: Hub, name: str, value: Any) -> None:
    draft = hub.draft()
    shown = hub.patch(place(draft), {"op": "add", "path": f"/{name}", "value": value})
    check_version(shown)
    assert holds(shown[name], value)
    assert hub.get(place(draft)) == shown


@pytest.mark.parametrize(("name", "value"), cases({key: ones for key, ones in BAD.items() if key != "asset"}))
def test_a_patch_is_held_to_the_same_rules(hub: Hub, still: Doc, name: str, value: Any) -> None:
    available = {"op": "add", "path": f"/{name}", "value": {"available": "retired"}.get(str(value), value)}
    refused(hub.call("PATCH", place(still), [available]), 400)
    assert hub.get(place(still)) == still


@pytest.fixture(scope="module")
def still(hub: Hub) -> Doc:
    """A draft that no refused request may change."""
    return hub.draft(tags=["a"], description="Before")


@WAYS
@pytest.mark.parametrize(
    "name",
    [
        "version",
        "state",
        "data_product",
        "description",
        "tags",
        "use_cases",
        "domain",
        "types",
        "parts_out",
        "contract_terms",
        "is_restricted",
        "workflows",
        "comments",
    ],
)
def test_null_is_an_absent_field(hub: Hub, make: Make, name: str) -> None:
    check_version(made(make(hub, hub.prototype() | {name: None})))


def test_what_a_draft_is_by_default(hub: Hub) -> None:
    product = hub.post(PRODUCTS, {"drafts": [{"name": "Batches", "asset": {"container": {"id": hub.catalog}}}]}, 201)
    check_product(product)
    (draft,) = product["drafts"]
    shown = {
        name: draft[name] for name in ("version", "state", "description", "tags", "types", "parts_out", "is_restricted")
    }
    assert shown == {
        "version": "1.0.0",
        "state": "draft",
        "description": "",
        "tags": [],
        "types": [],
        "parts_out": [],
        "is_restricted": False,
    }
    assert draft["domain"] == {"id": "", "name": "", "container": hub.container}
    assert (product["id"], product["name"]) == (draft["data_product"]["id"], "Batches")
    assert hub.get(f"{PRODUCTS}/{product['id']}") == product


@pytest.mark.parametrize("name", ["name", "asset"])
def test_what_a_first_draft_must_have(hub: Hub, name: str) -> None:
    fields = {key: value for key, value in hub.prototype().items() if key != name}
    assert refused(first(hub, fields), 400) == ["missing_required_value"]


def test_what_a_further_draft_must_have(hub: Hub) -> None:
    assert refused(further(hub, {"name": "x"}), 400) == ["missing_required_value"]


@WAYS
def test_a_container_that_is_not_here(hub: Hub, make: Make) -> None:
    for fields in ({"asset": {"container": {"id": some_id()}}}, {"asset": None, "container": {"id": some_id()}}):
        refused(make(hub, hub.prototype() | fields), 404)


@WAYS
def test_a_bare_container(hub: Hub, make: Make) -> None:
    check_version(made(make(hub, hub.prototype() | {"asset": None, "container": {"id": hub.catalog}})))


@WAYS
@pytest.mark.parametrize("id", [NOWHERE, "short", None])
def test_the_asset_id_of_a_client_does_not_bind(hub: Hub, make: Make, id: str | None) -> None:
    draft = made(make(hub, hub.prototype() | {"asset": {"id": id, "container": hub.container}}))
    check_version(draft)
    assert draft["asset"]["id"] != id


def test_all_faults_are_told(hub: Hub) -> None:
    fields = hub.prototype() | {"name": "", "tags": "x", "types": ["x"], "is_restricted": 1}
    assert len(refused(first(hub, fields), 400)) == 4


@pytest.mark.parametrize("query", ["?limit=10&start=x", "?limit=0", "?unknown=1"])
def test_queries_that_a_creation_ignores(hub: Hub, query: str) -> None:
    assert hub.call("POST", f"{PRODUCTS}{query}", {"drafts": [hub.prototype()]}).status == 201


@pytest.mark.parametrize("drafts", [None, [], "x", {}, [1], ["x"], [{}, {}], [None]])
def test_a_product_is_made_of_one_draft(hub: Hub, drafts: Any) -> None:
    refused(hub.call("POST", PRODUCTS, {"drafts": drafts}), 400)


def test_names_may_be_used_again(hub: Hub) -> None:
    one, other = hub.draft(name="Same"), hub.draft(name="Same")
    assert one["id"] != other["id"]
    assert one["data_product"]["id"] != other["data_product"]["id"]


@WAYS
def test_a_draft_that_was_read_may_be_posted(hub: Hub, make: Make) -> None:
    """Whatever a draft shows is taken back, its empty description and domain included (R10)."""
    source = hub.post(PRODUCTS, {"drafts": [{"name": "Batches", "asset": {"container": hub.container}}]}, 201)[
        "drafts"
    ][0]
    copied = made(make(hub, source | {"data_product": None, "version": "3.0.0"}))
    same = ("name", "description", "tags", "types", "domain", "parts_out", "is_restricted")
    assert [copied[name] for name in same] == [source[name] for name in same]


def test_a_patch_that_writes_back_what_was_read(hub: Hub) -> None:
    draft = hub.draft(description=None, domain=None)
    names = (
        "name",
        "description",
        "tags",
        "types",
        "use_cases",
        "parts_out",
        "domain",
        "is_restricted",
        "version",
        "state",
    )
    back = [{"op": "replace", "path": f"/{name}", "value": draft[name]} for name in names]
    shown = hub.patch(place(draft), *back)
    assert {name: shown[name] for name in names} == {name: draft[name] for name in names}
