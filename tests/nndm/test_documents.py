"""What goes in comes back: contract rules G3, G7 to G14, G16, for every kind of document."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.nndm.driver import Api, encoded, exact
from tests.nndm.samples import EVENT_NAMES, FULL, MINIMAL, asset, contract, product, team

KINDS = sorted(FULL)
IDS = [
    "urn:dataproduct:checkout:customers",
    "0b1f6c2e-5e0c-4a5e-9b43-0d2f8c8f3b11",
    "a.b@c d",
    "Überschrift-日本-🙂",
    "100%",
    "~!$&'()*+,;=:@",
    "?",
    "x" * 256,
    "datacontract.yaml",
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sample", [FULL, MINIMAL], ids=["full", "minimal"])
def test_g3_g8_g10_put_answers_200_and_get_gives_the_document(api: Api, kind: str, sample: dict[str, Any]) -> None:
    document = sample[kind]
    answer = api.put(kind, document)
    assert (answer.status, answer.body) == (200, b"")
    got = api.get(kind, document["id"])
    assert got.headers["content-type"] == "application/json"
    assert exact(got.json()) == exact(document)


@pytest.mark.parametrize("kind", KINDS)
def test_g7_put_replaces_and_does_not_merge(api: Api, kind: str) -> None:
    api.made(kind, FULL[kind])
    smaller = MINIMAL[kind] | {"id": "full"}
    api.made(kind, smaller)
    assert api.shown(kind, "full") == smaller


@pytest.mark.parametrize("kind", KINDS)
def test_g12_get_sees_a_put_and_a_delete_at_once(api: Api, kind: str) -> None:
    assert api.get(kind, "full").status == 404
    api.made(kind, FULL[kind])
    assert api.shown(kind, "full") == FULL[kind]
    answer = api.delete(kind, "full")
    assert (answer.status, answer.body) == (200, b"")
    assert api.get(kind, "full").status == 404


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_ids_are_404_for_get_and_delete(api: Api, kind: str) -> None:
    for answer in (api.get(kind, "nobody"), api.delete(kind, "nobody")):
        assert answer.status == 404
        assert "Could not find" in answer.detail
        assert "by id 'nobody'" in answer.detail


@pytest.mark.parametrize("kind", KINDS)
def test_g9_null_is_not_sent(api: Api, kind: str) -> None:
    document = _with_nulls(FULL[kind], MINIMAL[kind])
    api.made(kind, document | {"id": "full"})
    shown = api.shown(kind, "full")
    assert _without_nulls(shown) == _without_nulls(document | {"id": "full"})


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("kind", KINDS)
def test_g13_ids_are_any_text_without_a_slash(api: Api, kind: str, id: str) -> None:
    document = MINIMAL[kind] | {"id": id}
    api.made(kind, document)
    assert api.shown(kind, id) == document
    assert any(document.items() <= entry.items() for entry in api.listed(kind))
    api.removed(kind, id)


def test_g13_bare_and_percent_encoded_ids_are_the_same_resource(api: Api) -> None:
    api.made("dataproducts", product("urn:a:b"))
    bare = api.call("GET", "/api/dataproducts/urn:a:b")
    assert bare.json() == api.shown("dataproducts", "urn:a:b")
    assert encoded("urn:a:b") == "urn%3Aa%3Ab"


def test_g13_ids_are_compared_exactly(api: Api) -> None:
    api.made("teams", team("Ä"))
    assert [api.get("teams", other).status for other in ("ä", "A\u0308", "Ä ", " Ä")] == [404, 404, 404, 404]


@pytest.mark.parametrize("kind", KINDS)
def test_g13_an_id_with_a_slash_or_of_257_characters_is_refused(api: Api, kind: str) -> None:
    too_long = api.put(kind, MINIMAL[kind] | {"id": "x" * 257})
    assert too_long.status == 422
    assert "id: must be 1 to 256 characters" in too_long.detail


@pytest.mark.parametrize("kind", KINDS)
def test_g14_the_id_of_the_body_must_be_the_paths_and_neither_is_made(api: Api, kind: str) -> None:
    answer = api.put(kind, MINIMAL[kind] | {"id": "one"}, "two")
    assert answer.status == 422
    assert "id: must equal the id in the path, 'two', and is 'one'" in answer.detail
    assert [api.get(kind, id).status for id in ("one", "two")] == [404, 404]


@pytest.mark.parametrize("document", [{}, {"id": None}, {"tags": ["x"], "id": None}])
def test_g14_an_asset_without_id_takes_the_paths(api: Api, document: dict[str, Any]) -> None:
    api.made("assets", document, "from-path")
    assert api.shown("assets", "from-path") == document | {"id": "from-path"}


@pytest.mark.parametrize("kind", sorted(EVENT_NAMES))
def test_g14_elsewhere_the_id_is_required(api: Api, kind: str) -> None:
    document = {name: value for name, value in MINIMAL[kind].items() if name != "id"}
    answer = api.put(kind, document, "x")
    assert answer.status == 422
    assert "id: is required" in answer.detail


@pytest.mark.parametrize("kind", sorted(EVENT_NAMES))
def test_g11_a_refused_put_changes_nothing_and_tells_nothing(api: Api, kind: str) -> None:
    api.made(kind, FULL[kind])
    news = api.news(lambda: api.put(kind, {"id": "full", "info": 5, "name": 5}))
    assert news == []
    assert api.shown(kind, "full") == FULL[kind]


@pytest.mark.parametrize("kind", sorted(EVENT_NAMES))
def test_d7_an_id_can_be_used_again_and_that_is_a_creation(api: Api, kind: str) -> None:
    name = EVENT_NAMES[kind]
    document = MINIMAL[kind]
    assert api.news(lambda: api.made(kind, document)) == [f"{name}Created minimal"]
    assert api.news(lambda: api.made(kind, document)) == [f"{name}Updated minimal"]
    assert api.news(lambda: api.removed(kind, "minimal")) == [f"{name}Deleted minimal"]
    assert api.news(lambda: api.made(kind, document)) == [f"{name}Created minimal"]


def test_g16_a_document_of_one_megabyte_comes_back(api: Api) -> None:
    fields = {f"column_{n}": {"type": "string", "description": f"Column {n} ".ljust(180, "é")} for n in range(4000)}
    document = contract("large", models={"wide": {"fields": fields}})
    assert len(json.dumps(document, ensure_ascii=False).encode()) > 1_000_000
    api.made("datacontracts", document)
    assert api.shown("datacontracts", "large") == document
    packed = api.get("datacontracts", "large", accept_encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json() == document


def test_an_unchanged_put_moves_the_etag_and_if_match_holds_it(api: Api) -> None:
    api.made("teams", team("t"))
    first = api.get("teams", "t").headers["etag"]
    assert api.put("teams", team("t"), if_match=first).status == 200
    stale = api.put("teams", team("t", name="late"), if_match=first)
    assert stale.status == 412
    assert api.shown("teams", "t") == team("t")
    assert api.get("teams", "t", if_none_match=api.get("teams", "t").headers["etag"]).status == 304


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
numbers = st.one_of(st.integers(-(10**25), 10**25), st.floats(allow_nan=False, allow_infinity=False))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, text),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(text, inner, max_size=4)),
    max_leaves=15,
)
free = st.dictionaries(text.filter(lambda name: name not in FULL["assets"]), values, max_size=5)


@settings(max_examples=60)
@given(extra=free, properties=st.dictionaries(text, values, max_size=5))
def test_g8_g10_put_get_is_exact_for_any_json(api: Api, extra: dict[str, Any], properties: dict[str, Any]) -> None:
    document = asset("any", properties=properties) | extra
    api.made("assets", document)
    assert exact(api.shown("assets", "any")) == exact(document)


@pytest.mark.parametrize(
    "raw", ["1234.45", "1e-9", "12345678901234567", "123456789012345678901234567890", "0", "-0.0", "1.0", "1E22"]
)
def test_g8_numbers_come_back_as_numbers(api: Api, raw: str) -> None:
    answer = api.call("PUT", "/api/assets/n", raw=f'{{"id":"n","properties":{{"v":{raw}}}}}')
    assert answer.status == 200
    value = api.shown("assets", "n")["properties"]["v"]
    assert exact(value) == exact(json.loads(raw))


def _with_nulls(full: dict[str, Any], minimal: dict[str, Any]) -> dict[str, Any]:
    """The minimal document with an explicit null for everything else that the full one has."""
    document = dict(minimal)
    for name, value in full.items():
        if name not in minimal:
            document[name] = None
        elif isinstance(value, dict) and isinstance(minimal[name], dict):
            document[name] = _with_nulls(value, minimal[name])
    return document


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
