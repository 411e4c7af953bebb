"""Lists: contract rule G15, section 6, ruling R4."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.nndm.driver import Answer, Api
from tests.nndm.samples import FULL, MINIMAL, asset, contract, cost, product, team

KINDS = sorted(FULL)


def next_page(answer: Answer) -> str | None:
    """Where the answer says the list goes on, without the host."""
    match = re.match(r'<([^>]+)>; rel="next"\Z', answer.headers.get("link", ""))
    address = urlsplit(match[1]) if match else None
    return f"{address.path}?{address.query}" if address else None


def walked(api: Api, target: str) -> list[list[Any]]:
    """The pages that Link leads to, one after the other."""
    pages = []
    step: str | None = target
    while step:
        answer = api.call("GET", step)
        assert answer.status == 200
        pages.append(answer.json())
        step = next_page(answer)
    return pages


@pytest.mark.parametrize("kind", KINDS)
def test_g15_a_list_is_an_array_by_creation_and_an_update_does_not_move(api: Api, kind: str) -> None:
    before = api.listed(kind)
    ids = ["c", "a", "b"]
    for id in ids:
        api.made(kind, MINIMAL[kind] | {"id": id})
    changed = MINIMAL[kind] | {"id": "c", "tags": ["x"] * 500}
    api.made(kind, changed)
    listed = api.listed(kind)[len(before) :]
    assert [entry["id"] for entry in listed] == ids
    assert listed[0] == changed
    api.removed(kind, "a")
    assert [entry["id"] for entry in api.listed(kind)[len(before) :]] == ["c", "b"]
    api.made(kind, MINIMAL[kind] | {"id": "a"})
    assert [entry["id"] for entry in api.listed(kind)[len(before) :]] == ["c", "b", "a"]


@pytest.mark.parametrize("kind", [*KINDS, "costs"])
@pytest.mark.parametrize("p", ["-1", "x", "", "1.0", "%201", "0x1", "1e1", "²", "+1", "--1", "null"])
def test_g6_a_page_is_a_number_from_0(api: Api, kind: str, p: str) -> None:
    answer = api.call("GET", f"/api/{kind}?dataProductId=x&p={p}")
    assert answer.status == 400
    assert "query parameter p must be a page number from 0" in answer.detail


@pytest.mark.parametrize("kind", KINDS)
def test_6_pages_behind_the_last_are_empty(api: Api, kind: str) -> None:
    api.made(kind, MINIMAL[kind])
    for p in ("1", "7", "000000001", "99999999999999999999999"):
        answer = api.call("GET", f"/api/{kind}?p={p}")
        assert (answer.status, answer.json()) == (200, [])
        assert "link" not in answer.headers
    assert api.call("GET", f"/api/{kind}?p=0").json() == api.listed(kind)
    assert "link" not in api.call("GET", f"/api/{kind}?p=0").headers


@pytest.mark.parametrize("kind", KINDS)
def test_g15_unknown_query_parameters_are_ignored(api: Api, kind: str) -> None:
    api.made(kind, MINIMAL[kind])
    assert api.listed(f"{kind}?sort=nothing&limit=x&&=&a") == api.listed(kind)


def test_g15_empty_lists_are_empty_arrays(api: Api) -> None:
    api.removed("teams", "owners")
    assert [api.call("GET", f"/api/{kind}").body for kind in KINDS] == [b"[]"] * len(KINDS)


def test_g15_and_6_more_than_a_page(api: Api) -> None:
    for n in range(1003):
        api.made("assets", {"id": f"a{n}"})
        api.made("definitions", MINIMAL["definitions"] | {"id": f"a{n}"})
    ids = [f"a{n}" for n in range(1003)]
    assert [entry["id"] for entry in api.listed("definitions")] == ids
    first = api.call("GET", "/api/assets")
    assert first.headers["link"] == '<https://souk.example/api/assets?p=1>; rel="next"'
    for kind in ("assets", "definitions"):
        assert [len(page) for page in walked(api, f"/api/{kind}?p=0")] == [1000, 3]
    assert [entry["id"] for page in walked(api, "/api/assets") for entry in page] == ids
    assert next_page(api.call("GET", "/api/assets?x=a%26b&p=0&y=ü")) == "/api/assets?x=a%26b&y=%C3%BC&p=1"
    api.removed("assets", "a0")
    assert [len(page) for page in walked(api, "/api/assets")] == [1000, 2]


def test_r4_a_list_of_almost_5_mb_comes_whole(api: Api) -> None:
    documents = [contract(f"c{n}", models={"m": {"description": "x" * 480_000}}) for n in range(10)]
    for document in documents:
        api.made("datacontracts", document)
    answer = api.call("GET", "/api/datacontracts")
    assert answer.json() == documents
    assert "link" not in answer.headers


def test_r4_beyond_5_mb_the_answer_is_the_first_page_and_link_leads_on(api: Api) -> None:
    documents = [contract(f"c{n}", models={"m": {"description": "x" * 900_000}}) for n in range(13)]
    for document in documents:
        api.made("datacontracts", document)
    answer = api.call("GET", "/api/datacontracts")
    assert len(answer.body) < 5 * 1024 * 1024
    assert next_page(answer) == "/api/datacontracts?p=1"
    for start in ("/api/datacontracts", "/api/datacontracts?p=0"):
        assert [entry for page in walked(api, start) for entry in page] == documents


def test_r4_one_document_larger_than_a_page_has_a_page_of_its_own(api: Api) -> None:
    for n in range(3):
        api.made("assets", asset(f"a{n}", properties={"x": "y" * 3_500_000}))
    assert [len(page) for page in walked(api, "/api/assets")] == [1, 1, 1]


def test_costs_have_pages_too(api: Api) -> None:
    api.made("dataproducts", product("orders"))
    for n in range(1002):
        assert api.call("POST", "/api/costs", cost(name=str(n))).status == 200
    names = [str(n) for n in range(1002)]
    assert [entry["name"] for entry in api.listed("costs?dataProductId=orders")] == names
    pages = walked(api, "/api/costs?dataProductId=orders&p=0")
    assert [[entry["name"] for entry in page] for page in pages] == [names[:1000], names[1000:]]


def test_ids_alike_but_for_case_or_form_are_all_listed(api: Api) -> None:
    ids = ["A", "a", "Å", "A\u030a", "\u212b"]
    for id in ids:
        api.made("teams", team(id))
    assert [entry["id"] for entry in api.listed("teams")] == ["owners", *ids]
