"""Row 9, 3.2 and R5: the export reads back as YAML 1.1 with the types of the JSON document."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
import yaml

from tests.wire.nndm.documents import World, contract, fresh, full_contract
from tests.wire.nndm.door import Door, bare, encoded, refused, stored
from tests.wire.nndm.equality import assert_came_back, same
from tests.wire.nndm.test_round_trip import million
from tests.wire.raw import Answer

LOADERS: list[Any] = [yaml.SafeLoader, yaml.FullLoader, yaml.CSafeLoader]


def export(door: Door, id: str) -> Answer:
    """The YAML of a contract."""
    return stored(door.call("GET", f"/api/datacontracts/{encoded(id)}/datacontract.yaml", accept="application/yaml"))


def exported(door: Door, world: World, extra: Any) -> list[Any]:
    """What each loader reads where `extra` was put."""
    id = fresh()
    stored(door.put("datacontracts", id, contract(id, world) | {"extra": extra}))
    text = export(door, id).body.decode("utf-8")
    return [yaml.load(text, loader)["extra"] for loader in LOADERS]


def test_9_the_export_is_the_document(door: Door, world: World) -> None:
    id = fresh("urn:contract:")
    sent = full_contract(id, world)
    stored(door.put("datacontracts", id, sent))
    answer = export(door, id)
    assert answer.kind == "application/yaml"
    assert_came_back(sent, yaml.safe_load(answer.body))
    assert same(yaml.safe_load(answer.body), door.get("datacontracts", id).json())


@pytest.mark.parametrize("accept", ["application/yaml", "*/*", "application/json", "text/yaml"])
def test_9_the_export_is_yaml_whatever_is_accepted(door: Door, world: World, accept: str) -> None:
    id = fresh()
    stored(door.put("datacontracts", id, full_contract(id, world)))
    answer = door.call("GET", f"/api/datacontracts/{bare(id)}/datacontract.yaml", accept=accept)
    assert (answer.status, answer.kind) == (200, "application/yaml")


def test_9_the_export_of_nothing_is_404_in_json(door: Door) -> None:
    refused(door.call("GET", f"/api/datacontracts/{fresh()}/datacontract.yaml", accept="application/yaml"), 404)


def test_9_the_export_follows_the_document(door: Door, world: World) -> None:
    id = fresh()
    for n in range(3):
        stored(door.put("datacontracts", id, contract(id, world) | {"mark": n}))
        assert yaml.safe_load(export(door, id).body)["mark"] == n
    stored(door.delete("datacontracts", id))
    refused(door.call("GET", f"/api/datacontracts/{id}/datacontract.yaml"), 404)


STRINGS = [
    "1.10", "0123", "yes", "no", "on", "off", "y", "n", "Y", "N", "true", "False", "TRUE", "null", "Null", "NULL", "~",
    "", " ", "2024-01-01",
    "2024-01-01T00:00:00Z", "2024-01-01 10:00:00", "a: b", "a:", ": a", "- a", "-", "--- a", "---", "...", "# a",
    "a # b", "a#b", "&a", "*a", "!a", "!!str a",
    "%a", "@a", "`a", "|", ">", "[a]", "{a}", "a,b", "[", "]", "{", "}", ",", "?", "? a", "'a'", '"a"', "'", '"', "1",
    "-1", "+1", "1e3", "1E-9", "1.", ".5", "1_000",
    "0x1F", "0o17", "0b1", "017", "1:20", "190:20:30", ".inf", "-.INF", ".nan", "=", "<<", "a\\b", "\\n", "a\nb",
    "a\nb\n", "\na", "a\n\nb\n\n", "  a\nb",
    "a  \nb", "a\tb", "\ta", "a\r\nb", "a\rb", "a\x85b", "a\u2028b", "\ufeffa", "a\x01b", "\x7f", "é", "e\u0301",
    "数据", "🧪", "\U0010ffff", "a" * 5000, "word " * 500,
    " a", "a ", "a\n ", "\n", "\n\n", "key: |\n  text\n", "#!/bin/sh\necho 'x'\n",
    "SELECT *\nFROM t -- c\nWHERE a = 'b: c'\n", "\ud7ff\ue000", "\ufffe\uffff", "\x00", "0.", "1e", "12e03", "00",
    "-0", "1,000",
]  # fmt: skip


@pytest.mark.parametrize("text", STRINGS, ids=lambda text: ascii(text)[:30])
def test_r5_a_string_stays_that_string(door: Door, world: World, text: str) -> None:
    found = exported(door, world, {"value": text, "list": [text, [text]], "deep": {"er": {"value": text}}})
    expected = {"value": text, "list": [text, [text]], "deep": {"er": {"value": text}}}
    assert [same(read, expected) for read in found] == [True] * len(LOADERS), found[0]


def test_r5_a_key_stays_that_string(door: Door, world: World) -> None:
    expected = {text: n for n, text in enumerate(STRINGS)}
    found = exported(door, world, expected)
    assert [same(read, expected) for read in found] == [True] * len(LOADERS)


LITERALS = [
    "0", "-0", "1", "-17", "12345678901234567", "123456789012345678901234567890", "1.5", "1e-9", "1E+20", "1.0",
    "-1.25e-7", "1e308", "0.1",
    "1234.45", "5e-324", "1e5", "3.14159265358979", "0e0", "1.0E10",
]  # fmt: skip


@pytest.mark.parametrize("literal", LITERALS)
def test_r5_a_number_stays_that_number(door: Door, world: World, literal: str) -> None:
    id = fresh()
    text = json.dumps(contract(id, world) | {"extra": ["@", {"n": "@"}]}).replace('"@"', literal)
    stored(door.raw("PUT", f"/api/datacontracts/{id}", text))
    body = export(door, id).body
    found = [yaml.load(body, loader)["extra"] for loader in LOADERS]
    numbers = [number for read in found for number in (read[0], read[1]["n"])]
    assert {type(number) for number in numbers} <= {int, float}
    assert [float(number) == float(Decimal(literal)) for number in numbers] == [True] * 6


VALUES = [
    True,
    False,
    [],
    {},
    [[]],
    [{}],
    {"a": {}},
    {"a": []},
    [[1], [2, [3]]],
    [{"a": 1, "b": [{"c": {}}]}, "x"],
    {"a": [{"b": 1}]},
    [None, 1],
    [True, "true", 1, "1"],
    {"a": [[{"b": "c"}]]},
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_r5_a_structure_stays_that_structure(door: Door, world: World, value: Any) -> None:
    assert [same(read, value) for read in exported(door, world, value)] == [True] * len(LOADERS)


def test_9_keys_keep_their_order(door: Door, world: World) -> None:
    id = fresh()
    sent = dict(reversed(full_contract(id, world).items()))
    stored(door.put("datacontracts", id, sent))
    read = yaml.safe_load(export(door, id).body)
    assert [key for key in read if key in sent] == list(sent)
    assert list(read["models"]["orders.v1"]) == ["description", "type", "fields"]


def test_9_a_megabyte_is_exported(door: Door, world: World) -> None:
    id = fresh()
    sent = contract(id, world) | {"models": {"big": {"fields": million(id)}}}
    stored(door.put("datacontracts", id, sent))
    assert_came_back(sent, yaml.load(export(door, id).body, yaml.CSafeLoader))
    stored(door.delete("datacontracts", id))


def test_9_repeated_values_are_written_out(door: Door, world: World) -> None:
    part = {"type": "string", "tags": ["a"]}
    id = fresh()
    stored(door.put("datacontracts", id, contract(id, world) | {"extra": {"a": part, "b": part, "c": [part, part]}}))
    text = export(door, id).body.decode("utf-8")
    assert "*id" not in text
    assert yaml.safe_load(text)["extra"] == {"a": part, "b": part, "c": [part, part]}
