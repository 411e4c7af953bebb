"""Documents with anything anywhere: taken and returned exactly, or refused in words. Never a 5xx (G5, G8)."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.nndm.driver import Api, Document, exact
from tests.nndm.samples import FULL, contract, cost, product, run_of

BITOL: Document = {
    "apiVersion": "v1",
    "kind": "DataProduct",
    "id": "full",
    "name": "n",
    "description": {"purpose": "p"},
    "team": {"name": "owners"},
    "tags": ["a"],
    "outputPorts": [{"id": "a", "name": "n", "version": "1", "contractId": "c"}],
}
ODCS: Document = {
    "apiVersion": "v3",
    "kind": "DataContract",
    "id": "full",
    "team": {"name": "owners"},
    "servers": [{"server": "a"}],
    "customProperties": [{"property": "owner", "value": "owners"}],
}
DOCUMENTS = [*FULL.items(), ("dataproducts", BITOL), ("datacontracts", ODCS)]
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), text),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(text, inner, max_size=3)),
    max_leaves=6,
)
common = settings(max_examples=100)


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for name, item in inner for found in [(*way, name), *places(item, (*way, name))]]


def spoiled(draw: st.DrawFn, document: Document) -> Document:
    """The document with other values at one to three places."""
    result = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 3))):
        *steps, last = draw(st.sampled_from(places(result) or [("id",)]))
        place: Any = result
        for step in steps:
            place = place[step]
        place[last] = draw(anything)
    return result


@st.composite
def spoiled_documents(draw: st.DrawFn) -> tuple[str, Document]:
    kind, document = draw(st.sampled_from(DOCUMENTS))
    return kind, spoiled(draw, document)


@common
@given(spoiled_documents())
def test_a_spoiled_document_is_refused_in_words_or_kept_exactly(api: Api, sent: tuple[str, Document]) -> None:
    kind, document = sent
    before = api.get(kind, "full")
    answer = api.put(kind, document, "full")
    after = api.get(kind, "full")
    refused = answer.status == 422 and bool(answer.detail) and after.body == before.body
    kept = answer.status == 200 and exact(after.json()) == exact(document)
    no_id = answer.status == 200 and kind == "assets" and document.get("id") is None and after.json()["id"] == "full"
    assert refused or kept or no_id
    assert api.call("GET", f"/api/{kind}").status == 200


@st.composite
def spoiled_posts(draw: st.DrawFn) -> tuple[str, Document]:
    path, document = draw(st.sampled_from([("costs", cost("orders")), ("test-results", run_of("orders-v1"))]))
    return path, spoiled(draw, document)


@common
@given(spoiled_posts())
def test_a_spoiled_post_is_refused_in_words_or_taken(api: Api, sent: tuple[str, Document]) -> None:
    api.made("dataproducts", product("orders"))
    api.made("datacontracts", contract("orders-v1", "production"))
    answer = api.call("POST", f"/api/{sent[0]}", sent[1])
    assert answer.status in {200, 422}
    assert answer.status == 200 or answer.detail
    assert api.call("GET", "/api/costs?dataProductId=orders").status == 200
