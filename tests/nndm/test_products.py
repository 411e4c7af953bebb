"""Data products: contract section 3.1, events of ports (7.2), rules D3, D4, D6 and O6, and costs (3.8)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reactions.sweep_due import handler as sweep
from souk.ids import record_key
from souk.store.port import Store
from tests.nndm.driver import Api, Document
from tests.nndm.samples import FULL, asset, contract, cost, port, product


def test_7_2_events_of_a_product_and_its_ports(api: Api) -> None:
    first = product("p", port("a"), port("b"), port("c"))
    assert sorted(api.news(lambda: api.made("dataproducts", first))) == [
        "DataProductCreated p",
        "OutputPortCreated p/a",
        "OutputPortCreated p/b",
        "OutputPortCreated p/c",
    ]
    second = product("p", port("c"), port("b", description="new"), port("d"))
    assert sorted(api.news(lambda: api.made("dataproducts", second))) == [
        "DataProductUpdated p",
        "OutputPortCreated p/d",
        "OutputPortDeleted p/a",
        "OutputPortUpdated p/b",
    ]
    assert api.news(lambda: api.made("dataproducts", second)) == ["DataProductUpdated p"]
    assert sorted(api.news(lambda: api.removed("dataproducts", "p"))) == [
        "DataProductDeleted p",
        "OutputPortDeleted p/b",
        "OutputPortDeleted p/c",
        "OutputPortDeleted p/d",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"type": None}),
        ({"custom": {"a": None}}, {"custom": {}}),
        ({"server": {"a": 1, "b": 2}}, {"server": {"b": 2, "a": 1}}),
    ],
)
def test_7_2_a_port_with_the_same_content_is_unchanged(api: Api, before: Document, after: Document) -> None:
    api.made("dataproducts", product("p", port("a", **before)))
    assert api.news(lambda: api.made("dataproducts", product("p", port("a", **after)))) == ["DataProductUpdated p"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"custom": {"a": 1}}, {"custom": {"a": True}}),
        ({"custom": {"a": 1}}, {"custom": {"a": 1.0}}),
        ({"tags": ["a", "b"]}, {"tags": ["b", "a"]}),
        ({"unknown": {"deep": [1]}}, {"unknown": {"deep": [2]}}),
        ({"type": ""}, {}),
    ],
)
def test_7_2_a_port_with_other_content_is_updated(api: Api, before: Document, after: Document) -> None:
    api.made("dataproducts", product("p", port("a", **before)))
    news = api.news(lambda: api.made("dataproducts", product("p", port("a", **after))))
    assert sorted(news) == ["DataProductUpdated p", "OutputPortUpdated p/a"]


ports = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 2), max_size=5)


@settings(max_examples=40)
@given(history=st.lists(ports, min_size=1, max_size=4))
def test_7_2_port_events_follow_any_history(api: Api, history: list[dict[str, int]]) -> None:
    standing: dict[str, int] | None = None
    for wanted in [*history, None]:
        news = api.news(lambda wanted=wanted: _write(api, wanted))  # type: ignore[misc]
        assert sorted(news) == sorted(_expected(standing, wanted))
        standing = wanted


def _write(api: Api, wanted: dict[str, int] | None) -> None:
    if wanted is None:
        api.removed("dataproducts", "p")
    else:
        api.made("dataproducts", product("p", *[port(id, custom={"n": n}) for id, n in wanted.items()]))


def _expected(before: dict[str, int] | None, after: dict[str, int] | None) -> list[str]:
    verb = "Created" if before is None else "Deleted" if after is None else "Updated"
    old, new = before or {}, after or {}
    return [
        f"DataProduct{verb} p",
        *[f"OutputPortCreated p/{id}" for id in new.keys() - old.keys()],
        *[f"OutputPortDeleted p/{id}" for id in old.keys() - new.keys()],
        *[f"OutputPortUpdated p/{id}" for id in new.keys() & old.keys() if new[id] != old[id]],
    ]


@pytest.mark.parametrize("more", [{}, {"outputPorts": None}])
def test_g17_scripts_find_an_array_of_output_ports_in_every_listed_product(api: Api, more: Document) -> None:
    bare = {"id": "p", "info": {"title": "P", "owner": "owners"}}
    api.made("dataproducts", bare | more)
    assert api.shown("dataproducts", "p") == bare | more
    assert api.listed("dataproducts") == [bare | {"outputPorts": []}]


def test_lists_show_products_with_their_ports(api: Api) -> None:
    api.made("dataproducts", FULL["dataproducts"])
    assert api.listed("dataproducts") == [FULL["dataproducts"]]


@pytest.mark.parametrize("entry", ["table", {"id": "table"}, {"assetId": "table", "note": 1}])
@pytest.mark.parametrize("place", ["product", "port"])
def test_d3_an_asset_in_use_stays_and_d4_goes_afterwards(api: Api, entry: Any, place: str) -> None:
    api.made("assets", asset("table"))
    using = {"product": product("p", assets=[entry]), "port": product("p", port("a", assets=[entry]))}[place]
    api.made("dataproducts", using)
    answer = api.delete("assets", "table")
    assert answer.status == 422
    assert "The asset 'table' cannot be deleted: a data product or one of its ports lists it" in answer.detail
    assert api.shown("assets", "table") == asset("table")
    api.made("dataproducts", product("p"))
    api.removed("assets", "table")


def test_d3_every_product_counts_and_deleting_one_frees_its_own(api: Api) -> None:
    api.made("assets", asset("table"))
    for id in ("p", "q"):
        api.made("dataproducts", product(id, port("a", assets=["table"]), assets=["table"]))
    api.removed("dataproducts", "p")
    assert api.delete("assets", "table").status == 422
    api.removed("dataproducts", "q")
    api.removed("assets", "table")


def test_d1_a_contract_in_use_stays_and_d4_goes_afterwards(api: Api) -> None:
    api.made("dataproducts", product("p", port("a", dataContractId="c"), port("b", dataContractId="c")))
    api.made("datacontracts", contract("c"))
    answer = api.delete("datacontracts", "c")
    assert answer.status == 422
    assert "The data contract 'c' cannot be deleted: an output port names it" in answer.detail
    api.made("dataproducts", product("p", port("a", dataContractId="c"), port("b", dataContractId=None)))
    assert api.delete("datacontracts", "c").status == 422
    api.made("dataproducts", product("p", port("a", dataContractId="d"), port("b")))
    assert api.news(lambda: api.removed("datacontracts", "c")) == ["DataContractDeleted c"]


def test_a_product_names_ninety_others_at_most_and_can_still_be_deleted(api: Api) -> None:
    many = [port(f"o{n}", dataContractId=f"c{n}") for n in range(80)]
    api.made("dataproducts", product("p", *many))
    more = [port(f"o{n}", dataContractId=f"c{n}") for n in range(120)]
    answer = api.put("dataproducts", product("p", *more))
    assert answer.status == 422
    assert "120 other records" in answer.detail
    assert "90 such links" in answer.detail
    other = [port(f"o{n}", dataContractId=f"d{n}") for n in range(80)]
    assert api.put("dataproducts", product("p", *other)).status == 422
    same = [port(f"p{n}", dataContractId=f"c{n % 80}") for n in range(500)]
    api.made("dataproducts", product("p", *same))
    api.removed("dataproducts", "p")


def test_long_titles_and_contract_names_are_no_trouble(api: Api) -> None:
    document = product("p", port("a", dataContractId="x" * 5000))
    document["info"] |= {"title": "T" * 100_000, "domain": "ü" * 3000}
    api.made("dataproducts", document)
    assert api.shown("dataproducts", "p") == document
    api.removed("dataproducts", "p")


def test_3_8_a_cost_gets_an_id_and_keeps_what_was_sent(api: Api) -> None:
    api.made("dataproducts", product("orders"))
    full = cost(
        id="mine",
        yearMonth="2026-03",
        estimated=True,
        category="storage",
        description="",
        tags=["t"],
        link="https://example.com",
        other={"n": 1e-9},
    )
    made = api.call("POST", "/api/costs", full)
    assert made.status == 200
    id = made.json()["id"]
    assert str(UUID(id)) == id
    assert made.json() == full | {"id": id}
    assert api.listed("costs?dataProductId=orders") == [full | {"id": id}]


@pytest.mark.parametrize("amount", [0, -5, 1234.45, 1e-9, 12345678901234567, 10**30])
def test_3_8_the_amount_stays_a_number(api: Api, amount: float) -> None:
    api.made("dataproducts", product("orders"))
    assert api.call("POST", "/api/costs", cost(amount=amount)).status == 200
    shown = api.listed("costs?dataProductId=orders")[0]["amount"]
    assert (shown, type(shown)) == (amount, type(amount))


def test_3_8_the_product_must_exist(api: Api) -> None:
    answer = api.call("POST", "/api/costs", cost("nobody"))
    assert answer.status == 422
    assert "Could not find data product by id 'nobody'" in answer.detail
    assert api.listed("costs?dataProductId=nobody") == []


def test_3_8_costs_of_the_same_name_and_month_stand_side_by_side(api: Api) -> None:
    api.made("dataproducts", product("orders"))
    api.made("dataproducts", product("other"))
    for _ in range(3):
        assert api.call("POST", "/api/costs", cost(yearMonth="2026-01")).status == 200
    costs = api.listed("costs?dataProductId=orders")
    assert len({entry["id"] for entry in costs}) == 3
    assert api.listed("costs?dataProductId=other") == []
    api.removed("costs", costs[1]["id"])
    assert api.listed("costs?dataProductId=orders") == [costs[0], costs[2]]
    assert api.delete("costs", costs[1]["id"]).status == 404


@pytest.mark.parametrize("id", ["nobody", "0b1f6c2e-5e0c-4a5e-9b43-0d2f8c8f3b11", "1"])
def test_deleting_an_unknown_cost_is_404(api: Api, id: str) -> None:
    answer = api.delete("costs", id)
    assert answer.status == 404
    assert answer.detail == f"Could not find cost by id '{id}'"


@pytest.mark.parametrize("query", ["", "?", "?dataProductId=", "?dataproductid=x", "?p=0"])
def test_g6_costs_need_a_product_id(api: Api, query: str) -> None:
    answer = api.call("GET", f"/api/costs{query}")
    assert answer.status == 400
    assert "dataProductId is required" in answer.detail


def test_costs_tell_no_events_and_do_not_touch_the_product(api: Api) -> None:
    api.made("dataproducts", product("orders"))
    tag = api.get("dataproducts", "orders").headers["etag"]
    assert api.news(lambda: api.call("POST", "/api/costs", cost())) == []
    assert api.get("dataproducts", "orders").headers["etag"] == tag
    assert "etag" not in api.call("GET", "/api/costs?dataProductId=orders").headers


@pytest.mark.parametrize("count", [3, 250])
def test_3_8_deleting_a_product_ends_its_costs_and_a_new_one_has_none(api: Api, store: Store, count: int) -> None:
    api.made("dataproducts", product("orders", port("a", dataContractId="c")))
    ids = [api.call("POST", "/api/costs", cost()).json()["id"] for _ in range(count)]
    api.removed("dataproducts", "orders")
    assert api.listed("costs?dataProductId=orders") == []
    assert {api.delete("costs", id).status for id in ids} == {404}
    api.made("dataproducts", product("orders"))
    assert api.listed("costs?dataProductId=orders") == []
    assert {api.delete("costs", id).status for id in ids} == {404}
    sweep({})
    assert {api.delete("costs", id).status for id in ids} == {404}
    assert [store.count("due"), len(_live(store, "cost", ids))] == [0, 0]


def _live(store: Store, kind: str, ids: list[str]) -> list[str]:
    """Which of these records stand in the store."""
    found = store.get_many([record_key(kind, id) for id in ids])
    return [record.id for record in found.values() if not record.deleted]
