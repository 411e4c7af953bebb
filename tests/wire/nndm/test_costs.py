"""3.8 and rows 33 to 35: costs of data products."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest

from tests.wire.nndm.documents import GONE, World, changed, cost, fresh, port, product
from tests.wire.nndm.door import Door, encoded, eventually, refused, stored
from tests.wire.nndm.equality import assert_came_back, without_nulls
from tests.wire.nndm.feed import Feed
from tests.wire.nndm.fields import LACKING, WRONG
from tests.wire.raw import Doc


@pytest.fixture
def owner(door: Door, world: World) -> str:
    """A product of its own."""
    id = fresh("urn:product:")
    stored(door.put("dataproducts", id, product(id, world, port("out"))))
    return id


def costs(door: Door, id: str) -> list[Doc]:
    """What GET says about a product's costs."""
    found: list[Doc] = stored(door.call("GET", f"/api/costs?dataProductId={encoded(id)}")).json()
    return found


def add(door: Door, sent: Any) -> None:
    stored(door.call("POST", "/api/costs", sent))


def full_cost(id: str) -> Doc:
    return cost(id) | {
        "yearMonth": "2024-05", "estimated": True, "category": "compute", "description": "Much", "tags": ["a"],
        "link": "https://example.com/c",
        "x-new": {"a": [1]},
    }  # fmt: skip


@pytest.mark.parametrize("make", [cost, full_cost])
def test_38_a_cost_comes_back_with_an_id(door: Door, owner: str, make: Any) -> None:
    add(door, make(owner))
    (got,) = costs(door, owner)
    assert str(uuid.UUID(got["id"])) == got["id"]
    assert_came_back(make(owner), {key: held for key, held in got.items() if key in make(owner)})
    assert got.get("estimated", False) is make(owner).get("estimated", False)


def test_38_the_id_is_the_servers(door: Door, owner: str) -> None:
    mine = str(uuid.uuid4())
    add(door, cost(owner) | {"id": mine})
    add(door, cost(owner) | {"id": "not a uuid"})
    ids = [entry["id"] for entry in costs(door, owner)]
    assert mine not in ids
    assert len({uuid.UUID(id) for id in ids}) == 2


def test_38_several_costs_may_be_alike(door: Door, owner: str) -> None:
    for _ in range(3):
        add(door, full_cost(owner))
    assert len({entry["id"] for entry in costs(door, owner)}) == 3


def test_38_costs_are_those_of_the_product(door: Door, owner: str, world: World) -> None:
    other = fresh()
    stored(door.put("dataproducts", other, product(other, world)))
    add(door, cost(owner) | {"name": "mine"})
    add(door, cost(other) | {"name": "theirs"})
    assert [entry["name"] for entry in costs(door, owner)] == ["mine"]
    assert [entry["name"] for entry in costs(door, other)] == ["theirs"]


def test_38_costs_come_in_order_of_creation(door: Door, owner: str) -> None:
    for n in range(12):
        add(door, cost(owner) | {"name": f"n{n}"})
    assert [entry["name"] for entry in costs(door, owner)] == [f"n{n}" for n in range(12)]


@pytest.mark.parametrize("field", ["dataProductId", "name", "currency"])
@pytest.mark.parametrize("value", LACKING["string"] + WRONG["string"], ids=repr)
def test_38_required_texts(door: Door, owner: str, field: str, value: Any) -> None:
    refused(door.call("POST", "/api/costs", changed(cost(owner), field, value)), 422)
    assert costs(door, owner) == []


@pytest.mark.parametrize("value", [GONE, None, *WRONG["number"]], ids=repr)
def test_38_an_amount_is_a_number(door: Door, owner: str, value: Any) -> None:
    refused(door.call("POST", "/api/costs", changed(cost(owner), "amount", value)), 422)
    assert costs(door, owner) == []


@pytest.mark.parametrize(
    "literal", ["0", "-5", "1234.45", "1e-9", "12345678901234567", "0.30000000000000004", "1E3", "99999999999.99"]
)
def test_38_an_amount_comes_back_as_a_number(door: Door, owner: str, literal: str) -> None:
    text = f'{{"dataProductId": "{owner}", "name": "n", "currency": "EUR", "amount": {literal}}}'
    stored(door.raw("POST", "/api/costs", text))
    answer = door.call("GET", f"/api/costs?dataProductId={encoded(owner)}")
    assert Decimal(answer.exact()[0]["amount"]) == Decimal(literal)


@pytest.mark.parametrize(("field", "type"), [("estimated", "boolean"), ("tags", "array")])
def test_38_optional_fields_have_their_type(door: Door, owner: str, field: str, type: str) -> None:
    for value in WRONG[type]:
        refused(door.call("POST", "/api/costs", cost(owner) | {field: value}), 422)
    assert costs(door, owner) == []


@pytest.mark.parametrize(
    "month",
    ["2024-5", "202405", "2024-05-01", "May 2024", "24-05", "2024-05 ", "", "2024/05", 202405, "x2024-05", "2024-05\n"],
)
def test_38_a_month_has_its_pattern(door: Door, owner: str, month: Any) -> None:
    refused(door.call("POST", "/api/costs", cost(owner) | {"yearMonth": month}), 422)
    assert costs(door, owner) == []


@pytest.mark.parametrize("month", ["2024-01", "1999-12", "2099-06"])
def test_38_a_month_comes_back(door: Door, owner: str, month: str) -> None:
    add(door, cost(owner) | {"yearMonth": month})
    assert [entry["yearMonth"] for entry in costs(door, owner)] == [month]


def test_g9_nulls_in_a_cost_are_not_sent(door: Door, owner: str) -> None:
    sent = dict.fromkeys(full_cost(owner)) | cost(owner)
    add(door, sent)
    (got,) = without_nulls(costs(door, owner))
    assert set(got) - {"id", "estimated", "tags"} == set(cost(owner))


def test_38_the_product_must_exist(door: Door) -> None:
    refused(door.call("POST", "/api/costs", cost(fresh("nobody"))), 422, 404)


def test_38_costs_go_with_their_product(door: Door, world: World, owner: str) -> None:
    add(door, cost(owner))
    stored(door.delete("dataproducts", owner))
    assert door.call("GET", f"/api/costs?dataProductId={encoded(owner)}").status in {200, 404}
    stored(door.put("dataproducts", owner, product(owner, world)))
    assert eventually(lambda: costs(door, owner), lambda found: found == []) == []


def test_35_a_cost_is_deleted_by_its_id(door: Door, owner: str) -> None:
    for name in ("keep", "drop", "also"):
        add(door, cost(owner) | {"name": name})
    drop = next(entry["id"] for entry in costs(door, owner) if entry["name"] == "drop")
    stored(door.delete("costs", drop))
    assert [entry["name"] for entry in costs(door, owner)] == ["keep", "also"]
    refused(door.delete("costs", drop), 404)


@pytest.mark.parametrize("id", ["x", "123", "urn:a:b", "zzze4567-e89b-12d3-a456-426614174000"])
def test_35_what_is_no_uuid_is_refused(door: Door, id: str) -> None:
    refused(door.delete("costs", id), 400, 404)


def test_33_products_without_costs_have_none(door: Door, owner: str) -> None:
    assert costs(door, owner) == []


@pytest.mark.parametrize("query", ["?dataProductId={}&p=0", "?p=0&dataProductId={}", "?dataProductId={}&year=2024"])
def test_33_other_parameters_are_ignored(door: Door, owner: str, query: str) -> None:
    add(door, cost(owner))
    answer = stored(door.call("GET", "/api/costs" + query.format(encoded(owner))))
    assert [entry["dataProductId"] for entry in answer.json()] == [owner]


def test_g15_a_page_after_the_last_is_empty(door: Door, owner: str) -> None:
    add(door, cost(owner))
    pages = [door.call("GET", f"/api/costs?dataProductId={encoded(owner)}&p={page}").json() for page in (0, 1, 9)]
    assert [len(page) for page in pages] == [1, 0, 0]


def test_33_the_product_may_be_named_bare(door: Door, owner: str) -> None:
    add(door, cost(owner))
    assert len(stored(door.call("GET", f"/api/costs?dataProductId={owner}")).json()) == 1


@pytest.mark.parametrize("shape", ["a+b {}", "größe&x={}", "100%{}", "数据#{}"])
def test_33_the_product_may_have_any_id(door: Door, world: World, shape: str) -> None:
    id = shape.format(fresh())
    stored(door.put("dataproducts", id, product(id, world)))
    add(door, cost(id))
    assert [entry["dataProductId"] for entry in costs(door, id)] == [id]


def test_7_costs_emit_no_event(door: Door, feed: Feed, owner: str) -> None:
    before = feed.settled(owner)
    add(door, cost(owner))
    stored(door.delete("costs", costs(door, owner)[0]["id"]))
    assert feed.settled(owner) == before
