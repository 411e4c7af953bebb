"""Section 3: what a body must hold, field by field."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.nndm.documents import (
    BY_PATH,
    World,
    changed,
    day,
    fresh,
    full_agreement,
    full_product,
    port,
    product,
    team,
)
from tests.wire.nndm.door import Door, refused, stored
from tests.wire.nndm.equality import assert_came_back
from tests.wire.nndm.fields import OPTIONAL, REQUIRED, Case, name, optional_cases, required_cases, text_cases


def sent_with(case: Case, id: str, world: World) -> dict[str, Any]:
    """The full document of a kind with one field changed."""
    kind, path, value = case
    return changed(BY_PATH[kind].full(id, world), path, value)


@pytest.mark.parametrize("case", required_cases(), ids=name)
def test_3_a_required_field_is_there_and_of_its_type(door: Door, world: World, case: Case) -> None:
    id = fresh()
    words = refused(door.put(case[0], id, sent_with(case, id, world)), 422)
    assert case[1].rsplit(".", 1)[-1] in words
    refused(door.get(case[0], id), 404)


@pytest.mark.parametrize("case", optional_cases(), ids=name)
def test_3_an_optional_field_is_of_its_type(door: Door, world: World, case: Case) -> None:
    id = fresh()
    refused(door.put(case[0], id, sent_with(case, id, world)), 422)
    refused(door.get(case[0], id), 404)


@pytest.mark.parametrize("case", text_cases(), ids=name)
def test_3_text_of_another_type_is_refused_or_kept(door: Door, world: World, case: Case) -> None:
    id = fresh()
    answer = door.put(case[0], id, sent_with(case, id, world))
    assert (answer.status, door.get(case[0], id).status) in {(200, 200), (422, 404)}


@pytest.mark.parametrize(
    ("kind", "path"), [(kind, path) for kind in OPTIONAL for path in OPTIONAL[kind] if path[-1] != "0"]
)
def test_3_an_optional_field_may_be_null(door: Door, world: World, kind: str, path: str) -> None:
    id = fresh()
    sent = changed(BY_PATH[kind].full(id, world), path, None)
    stored(door.put(kind, id, sent))
    assert_came_back(sent, door.get(kind, id).json())


@pytest.mark.parametrize("kind", REQUIRED)
@pytest.mark.parametrize("id_in_body", ["", "  ", 5, True, [], {}, ["x"]], ids=repr)
def test_3_an_id_is_text(door: Door, world: World, kind: str, id_in_body: Any) -> None:
    id = fresh()
    refused(door.put(kind, id, changed(BY_PATH[kind].full(id, world), "id", id_in_body)), 422)
    refused(door.get(kind, id), 404)


@pytest.mark.parametrize("kind", REQUIRED)
def test_3_an_empty_body_is_not_valid(door: Door, kind: str) -> None:
    refused(door.put(kind, fresh(), {}), 422)


def test_37_an_asset_needs_nothing(door: Door) -> None:
    id = fresh()
    stored(door.put("assets", id, {}))
    assert door.get("assets", id).json()["id"] == id


OPEN = {
    "info.status": ["proposed", "in development", "active", "deprecated", "retired", "Live!", ""],
    "info.archetype": ["consumer-aligned", "aggregate", "source-aligned", "raw", "x"],
    "info.maturity": ["raw", "defined", "managed", "great"],
    "outputPorts.0.type": ["snowflake", "kafka", "Glue", "Looker Look", ""],
    "outputPorts.0.status": ["active", "sunset"],
    "dataProductSpecification": ["0.0.1", "0.0.2", "latest"],
}


@pytest.mark.parametrize(("path", "value"), [(path, value) for path, values in OPEN.items() for value in values])
def test_31_open_lists_are_open(door: Door, world: World, path: str, value: str) -> None:
    id = fresh()
    sent = changed(full_product(id, world), path, value)
    stored(door.put("dataproducts", id, sent))
    assert_came_back(sent, door.get("dataproducts", id).json())


def test_31_port_ids_are_unique_within_a_product(door: Door, world: World) -> None:
    id = fresh()
    refused(door.put("dataproducts", id, product(id, world, port("same"), port("same", type="s3"))), 422)
    refused(door.get("dataproducts", id), 404)


def test_31_two_products_may_have_ports_of_one_id(door: Door, world: World) -> None:
    ids = [fresh(), fresh()]
    assert [door.put("dataproducts", id, product(id, world, port("same"))).status for id in ids] == [200, 200]


@pytest.mark.parametrize(
    "entries", [["urn:a"], [{"id": "a"}], [{"assetId": "a"}], ["a", {"id": "b", "x": 1}, {"assetId": "c"}]], ids=repr
)
def test_31_an_asset_of_a_product_is_an_id_or_an_object(door: Door, world: World, entries: list[Any]) -> None:
    id = fresh()
    sent = product(id, world, port("out", assets=entries)) | {"assets": entries}
    stored(door.put("dataproducts", id, sent))
    assert_came_back(sent, door.get("dataproducts", id).json())


@pytest.mark.parametrize("count", [0, 1, 30])
def test_31_a_product_has_any_number_of_ports(door: Door, world: World, count: int) -> None:
    id = fresh()
    sent = product(id, world) | {"outputPorts": [port(f"p{n}") for n in range(count)]}
    stored(door.put("dataproducts", id, sent))
    assert_came_back(sent, door.get("dataproducts", id).json())


@pytest.mark.parametrize("version", ["0.9.0", "0.9.1", "0.9.2", "0.9.3", "1.1.0", "1.2.1", "2.0.0-beta", "x"])
def test_32_any_version_of_the_specification(door: Door, world: World, version: str) -> None:
    id = fresh()
    sent = BY_PATH["datacontracts"].full(id, world) | {"dataContractSpecification": version}
    stored(door.put("datacontracts", id, sent))
    assert_came_back(sent, door.get("datacontracts", id).json())


LOOSE: list[tuple[str, Any]] = [
    ("quality", {}), ("quality", {"type": "custom", "specification": {"a": 1}}), ("examples", []), ("servers", {}),
    ("models", {}),
    ("examples", [{"type": "json", "data": [[1], {"a": None}]}]), ("examples", [{"data": {"a": 1}}]), ("terms", {}),
    ("servers", {"local": {"type": "local", "path": "./x.csv"}}), ("models",
    {"a.b": {"fields": {"t": {"type": "variant"}}}}),
    ("models", {"m": {"fields": {"t": {"type": "time"}, "j": {"type": "json"}}}}), ("definitions",
    {"d": {"title": "no name"}}),
    ("models", {"m": {}}), ("models", {"m": {"fields": {}}}), ("schema", {"type": "sql-ddl",
    "specification": "CREATE TABLE"}),
    ("servicelevels", {"a": "b"}), ("tags", ["x"]), ("links", {"a": "b"}), ("servers", {"a": {},
    "b": {"type": "whatever"}}),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), LOOSE)
def test_32_a_contract_is_not_validated_deeply(door: Door, world: World, field: str, value: Any) -> None:
    id = fresh()
    sent = BY_PATH["datacontracts"].small(id, world) | {field: value}
    stored(door.put("datacontracts", id, sent))
    assert_came_back(sent, door.get("datacontracts", id).json())


DATES = ("info.startDate", "info.endDate", "info.nextReassessmentDate")
NO_DATES = [
    "2024-02-30",
    "2024-13-01",
    "2023-02-29",
    "2024-1-1",
    "20240101",
    "01.01.2024",
    "tomorrow",
    "2024-01-01T00:00:00Z",
    20240101,
    True,
    [],
]


@pytest.mark.parametrize("path", DATES)
@pytest.mark.parametrize("value", NO_DATES, ids=repr)
def test_33_a_date_is_a_day_of_the_calendar(door: Door, world: World, path: str, value: Any) -> None:
    id = fresh()
    sent = full_agreement(id, world)
    sent["info"] = {"purpose": "p"}
    sent["info"][path.removeprefix("info.")] = value
    refused(door.put("datausageagreements", id, sent), 422)
    refused(door.get("datausageagreements", id), 404)


@pytest.mark.parametrize("path", DATES)
@pytest.mark.parametrize("value", ["2024-02-29", "1999-12-31", "2099-01-01", None], ids=repr)
def test_33_every_day_is_fine(door: Door, world: World, path: str, value: Any) -> None:
    id = fresh()
    sent = BY_PATH["datausageagreements"].small(id, world)
    sent["info"][path.removeprefix("info.")] = value
    stored(door.put("datausageagreements", id, sent))
    assert_came_back(sent, door.get("datausageagreements", id).json())


def test_33_an_agreement_does_not_end_before_it_starts(door: Door, world: World) -> None:
    id = fresh()
    sent = changed(full_agreement(id, world), "info.endDate", day(-11))
    refused(door.put("datausageagreements", id, sent), 422)
    refused(door.get("datausageagreements", id), 404)


def test_33_dates_are_checked_on_an_update_too(door: Door, world: World) -> None:
    id = fresh()
    stored(door.put("datausageagreements", id, full_agreement(id, world)))
    refused(door.put("datausageagreements", id, changed(full_agreement(id, world), "info.startDate", day(11))), 422)
    assert door.get("datausageagreements", id).json()["info"]["startDate"] == day(-10)


@pytest.mark.parametrize("consumer", [{}, {"other": "x"}, {"teamId": None}, {"teamId": "", "userId": " "}], ids=repr)
def test_33_somebody_consumes(door: Door, world: World, consumer: dict[str, Any]) -> None:
    id = fresh()
    refused(door.put("datausageagreements", id, full_agreement(id, world) | {"consumer": consumer}), 422)


@pytest.mark.parametrize(
    "fields", ["team", "product", "user", "team product", "team user", "product user", "team product user"]
)
def test_33_a_team_a_product_a_user_or_several_consume(door: Door, world: World, fields: str) -> None:
    id = fresh()
    of = {
        "team": {"teamId": world.consumer_team},
        "product": {"dataProductId": world.consumer},
        "user": {"userId": "a@example.com"},
    }
    consumer = {key: value for word in fields.split() for key, value in of[word].items()}
    sent = full_agreement(id, world) | {"consumer": consumer}
    stored(door.put("datausageagreements", id, sent))
    assert_came_back(sent, door.get("datausageagreements", id).json())


TYPES = ["Domain Team", "Enabling Team", "Platform Team", "Governance Group", "Team", "Domain"]


@pytest.mark.parametrize("type", TYPES)
def test_34_six_types_of_team(door: Door, type: str) -> None:
    id = fresh()
    stored(door.put("teams", id, team(id, type)))
    assert door.get("teams", id).json()["type"] == type


@pytest.mark.parametrize("type", ["domain team", "Domain  Team", "DomainTeam", "Domain Team ", "Squad", "Other"])
def test_34_no_other_type_of_team(door: Door, type: str) -> None:
    id = fresh()
    refused(door.put("teams", id, team(id, type)), 422)
    refused(door.get("teams", id), 404)


PROPERTIES = [
    {},
    {"a": "b"},
    {"a": {"b": [{"c": {}}]}},
    {"n": 1.5, "t": True, "l": [], "e": ""},
    {"deep": {"x" * n: n for n in range(1, 50)}},
]


@pytest.mark.parametrize("properties", PROPERTIES)
def test_r2_properties_of_an_asset_are_any_json(door: Door, properties: dict[str, Any]) -> None:
    id = fresh()
    stored(door.put("assets", id, {"id": id, "properties": properties}))
    assert_came_back({"id": id, "properties": properties}, door.get("assets", id).json())
