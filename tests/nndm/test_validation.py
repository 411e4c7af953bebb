"""What bodies are refused, and in which words: contract sections 3.1 to 3.9, rules G5, G6, G9."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.nndm.driver import Answer, Api
from tests.nndm.samples import FULL, contract, cost, port, product, run_of

REQUIRED = {
    "teams": ["id", "name", "type"],
    "sourcesystems": ["id", "name", "owner"],
    "definitions": ["id", "owner", "domain", "name"],
    "dataproducts": [
        "id",
        "info",
        "info.title",
        "info.owner",
        "inputPorts.0.id",
        "inputPorts.0.name",
        "inputPorts.0.sourceSystemId",
        "outputPorts.0.id",
        "outputPorts.0.name",
    ],
    "datacontracts": ["dataContractSpecification", "id", "info", "info.title", "info.version"],
}
COMMON: dict[str, type] = {"tags": list, "links": dict, "custom": dict}
OPTIONAL: dict[str, dict[str, type]] = {
    "teams": COMMON | {"members": list, "members.0": dict, "description": str, "parent": str, "tags.0": str},
    "sourcesystems": COMMON | {"description": str},
    "definitions": {
        **dict.fromkeys(("title", "description", "type", "format", "pattern", "example", "classification"), str),
        **dict.fromkeys(("minLength", "maxLength", "minimum", "maximum"), float),
        **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), float),
        "enum": list,
        "tags": list,
        "enum.0": str,
        "pii": bool,
    },
    "dataproducts": {
        **COMMON,
        **dict.fromkeys(("info.description", "info.domain", "info.status", "info.archetype", "info.maturity"), str),
        "inputPorts": list,
        "inputPorts.0": dict,
        "outputPorts": list,
        "outputPorts.0": dict,
        "assets": list,
        **{f"inputPorts.0.{name}": type for name, type in (COMMON | {"type": str, "location": str}).items()},
        **{f"outputPorts.0.{name}": type for name, type in (COMMON | {"type": str, "location": str}).items()},
        "outputPorts.0.server": dict,
        "outputPorts.0.containsPii": bool,
        "outputPorts.0.autoApprove": bool,
        "outputPorts.0.dataContractId": str,
        "outputPorts.0.assets": list,
        "outputPorts.0.status": str,
        "dataProductSpecification": str,
    },
    "datacontracts": {
        **dict.fromkeys(("servers", "terms", "models", "definitions", "schema", "quality", "servicelevels"), dict),
        "examples": list,
        "examples.0": dict,
        "tags": list,
        "links": dict,
        "info.owner": str,
        "info.contact": dict,
    },
    "assets": {
        **{name: type for name, type in COMMON.items() if name != "custom"},
        "info": dict,
        "properties": dict,
        "columns": list,
        "relationships": list,
        "columns.0": dict,
        "columns.0.tags": list,
        "columns.0.links": dict,
        "relationships.0": dict,
        **dict.fromkeys(("info.owner", "info.name", "info.version", "columns.0.name", "relationships.0.assetId"), str),
    },
}
NEVER: list[Any] = [..., None]
"""Missing, and null."""
WRONG_TEXT: list[Any] = [5, True, [], ["x"]]
WRONG: dict[type, list[Any]] = {
    str: [5, True, [], {}],
    bool: ["true", 0, [], {}],
    float: ["1", True, [], {}],
    list: ["x", 1, True, {}],
    dict: ["x", 1, False, []],
}
MISSING = [(kind, path) for kind, paths in REQUIRED.items() for path in paths]
TYPED = [(kind, path, type) for kind, types in OPTIONAL.items() for path, type in types.items()]


def changed(document: Any, path: str, value: Any = ...) -> Any:
    """A copy with another value at the path, or without it."""
    whole = copy.deepcopy(document)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = whole
    for step in steps:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return whole


def named(path: str) -> str:
    """The path as the error words it."""
    return "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in path.split(".")).removeprefix(".")


def refused(api: Api, kind: str, document: Any, words: str) -> Answer:
    answer = api.put(kind, document, "full")
    assert answer.status == 422, answer.text
    assert words in answer.detail
    assert api.get(kind, "full").status == 404
    return answer


@pytest.mark.parametrize(("kind", "path"), MISSING)
def test_a_required_field_may_not_be_missing_null_or_blank(api: Api, kind: str, path: str) -> None:
    for value in NEVER:
        refused(api, kind, changed(FULL[kind], path, value), f"{named(path)}: is required")
    for value in ("", " \t\n"):
        refused(api, kind, changed(FULL[kind], path, value), f"{named(path)}: must ")


@pytest.mark.parametrize(("kind", "path"), MISSING)
def test_a_required_field_has_its_type(api: Api, kind: str, path: str) -> None:
    for value in WRONG_TEXT:
        refused(api, kind, changed(FULL[kind], path, value), f"{named(path)}: must be")


@pytest.mark.parametrize(("kind", "path", "type"), TYPED)
def test_an_optional_field_has_its_type(api: Api, kind: str, path: str, type: type) -> None:
    for wrong in WRONG[type]:
        refused(api, kind, changed(FULL[kind], path, wrong), f"{named(path)}: must be")


@pytest.mark.parametrize(("kind", "path"), [(kind, path) for kind in OPTIONAL for path in OPTIONAL[kind]])
def test_g9_an_optional_field_may_be_null(api: Api, kind: str, path: str) -> None:
    nullable = path.removesuffix(".0")
    assert api.put(kind, changed(FULL[kind], nullable, None)).status == 200


def test_every_fault_is_told_at_once(api: Api) -> None:
    answer = api.put("dataproducts", {"id": "p", "info": {"title": " "}, "tags": {}, "outputPorts": [{"id": "o"}]})
    assert answer.json()["problems"] == [
        "tags: must be an array",
        "info.title: must not be blank",
        "info.owner: is required",
        "outputPorts[0].name: is required",
    ]
    assert answer.detail == "; ".join(answer.json()["problems"])


def test_very_many_faults_are_cut(api: Api) -> None:
    answer = api.put("dataproducts", product("p", *[{"id": f"o{n}"} for n in range(500)]))
    assert answer.status == 422
    assert len(answer.json()["problems"]) == 51
    assert answer.json()["problems"][-1] == "and 450 more"


@pytest.mark.parametrize(
    "type", ["Domain Team", "Enabling Team", "Platform Team", "Governance Group", "Team", "Domain"]
)
def test_3_4_types_of_teams(api: Api, type: str) -> None:
    assert api.put("teams", {"id": "t", "name": "T", "type": type}).status == 200


@pytest.mark.parametrize("type", ["domain team", "Guild", "team ", "Domain  Team"])
def test_3_4_other_types_of_teams_are_refused(api: Api, type: str) -> None:
    answer = api.put("teams", {"id": "t", "name": "T", "type": type})
    assert answer.status == 422
    assert "type: must be one of 'Domain Team'" in answer.detail


@pytest.mark.parametrize("value", ["my own status", "PROPOSED", ""])
def test_3_1_open_lists_take_any_word(api: Api, value: str) -> None:
    document = product("p", port("o", status=value, type=value))
    document["info"] |= {"status": value, "archetype": value, "maturity": value}
    assert api.put("dataproducts", document).status == 200


def test_3_1_ids_of_output_ports_are_unique(api: Api) -> None:
    answer = api.put("dataproducts", product("p", port("a"), port("b"), port("a")))
    assert answer.status == 422
    assert "outputPorts: the id 'a' stands twice" in answer.detail


@pytest.mark.parametrize("entry", [5, None, "", " ", {}, {"id": 5}, {"assetId": None}, ["x"]])
def test_3_1_an_entry_of_assets_is_an_id_or_has_one(api: Api, entry: Any) -> None:
    for document in (product("p", assets=[entry]), product("p", port("o", assets=["fine", entry]))):
        answer = api.put("dataproducts", document)
        assert answer.status == 422
        assert "must be the id of an asset" in answer.detail


@pytest.mark.parametrize("version", ["0.9.0", "1.2.1", "any text"])
def test_3_2_any_version_of_the_specification(api: Api, version: str) -> None:
    assert api.put("datacontracts", contract("c", dataContractSpecification=version)).status == 200


@pytest.mark.parametrize("name", ["dataProductId", "name", "currency", "amount"])
def test_3_8_required_fields_of_a_cost(api: Api, name: str) -> None:
    api.made("dataproducts", product("orders"))
    for value in [*NEVER, [], {}, True]:
        assert api.call("POST", "/api/costs", changed(cost(), name, value)).status == 422
    assert api.listed("costs?dataProductId=orders") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("amount", value) for value in WRONG[float]],
        *[
            ("yearMonth", value)
            for value in ("2026", "2026-1", "2026-01-01", "26-01", 202601, "", "２０２６-01", "2026-01\n")
        ],
        ("estimated", "true"),
        ("estimated", 1),
        ("category", 1),
        ("tags", "x"),
        ("link", {}),
    ],
)
def test_3_8_types_of_a_cost(api: Api, name: str, value: Any) -> None:
    api.made("dataproducts", product("orders"))
    answer = api.call("POST", "/api/costs", cost(**{name: value}))
    assert answer.status == 422
    assert f"{name}: must be" in answer.detail


@pytest.mark.parametrize("name", ["dataContractId", "dataContractVersion", "timestampStart", "timestampEnd", "result"])
def test_3_9_required_fields_of_test_results(api: Api, name: str) -> None:
    api.made("datacontracts", contract("orders-v1", "production"))
    for value in [*NEVER, "", 5, []]:
        answer = api.call("POST", "/api/test-results", changed(run_of(), name, value))
        assert answer.status == 422
        assert f"{name}: " in answer.detail


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-01",
        "2026-03-01T10:00:00",
        "2026-02-30T10:00:00Z",
        "2026-03-01T25:00:00Z",
        "0000-03-01T10:00:00Z",
        "20260301T100000Z",
        "now",
        "2026-03-01T10:00:00+99:00",
        1767225600,
    ],
)
def test_3_9_times_are_rfc_3339_with_a_zone(api: Api, value: Any) -> None:
    api.made("datacontracts", contract("orders-v1", "production"))
    answer = api.call("POST", "/api/test-results", run_of(timestampStart=value))
    assert answer.status == 422
    assert "timestampStart: must be" in answer.detail


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-01T10:00:00Z",
        "2026-03-01t10:00:00z",
        "2026-03-01 10:00:00+00:00",
        "2026-03-01T10:00:00.1234567890-11:30",
        "9999-12-31T23:59:59Z",
    ],
)
def test_3_9_all_forms_of_rfc_3339(api: Api, value: str) -> None:
    api.made("datacontracts", contract("orders-v1", "production"))
    assert api.call("POST", "/api/test-results", run_of(timestampStart=value, timestampEnd=value)).status == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"result": "ok"},
        {"result": "Passed"},
        {"checks": {}},
        {"checks": ["x"]},
        {"checks": [{"result": "ok"}]},
        {"logs": "x"},
        {"logs": [1]},
        {"id": 5},
        {"id": " "},
        {"id": "x" * 257},
    ],
)
def test_3_9_wrong_parts_of_test_results(api: Api, wrong: dict[str, Any]) -> None:
    api.made("datacontracts", contract("orders-v1", "production"))
    assert api.call("POST", "/api/test-results", run_of(**wrong)).status == 422
