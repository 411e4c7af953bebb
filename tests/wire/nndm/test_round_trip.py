"""G7 to G12, G16, G17: what is PUT is what GET returns, exactly."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from typing import Any

import pytest

from tests.wire.nndm.documents import BY_PATH, GONE, KINDS, Kind, World, changed, fresh
from tests.wire.nndm.door import Door, refused, stored
from tests.wire.nndm.equality import assert_came_back, same
from tests.wire.nndm.feed import Feed


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("size", ["small", "full"])
def test_g8_a_document_comes_back(door: Door, world: World, kind: Kind, size: str) -> None:
    id = fresh()
    sent = getattr(kind, size)(id, world)
    stored(door.put(kind.path, id, sent))
    assert_came_back(sent, door.get(kind.path, id).json())


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g7_a_put_replaces(door: Door, world: World, kind: Kind) -> None:
    id = fresh()
    stored(door.put(kind.path, id, kind.full(id, world)))
    stored(door.put(kind.path, id, kind.small(id, world)))
    assert_came_back(kind.small(id, world), door.get(kind.path, id).json())
    stored(door.put(kind.path, id, kind.full(id, world)))
    assert_came_back(kind.full(id, world), door.get(kind.path, id).json())


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g12_get_sees_every_write_at_once(door: Door, world: World, kind: Kind) -> None:
    id = fresh()
    seen = []
    for n in range(10):
        stored(door.put(kind.path, id, kind.small(id, world) | {"extra": n}))
        seen.append(door.get(kind.path, id).json()["extra"])
        stored(door.delete(kind.path, id))
        seen.append(door.get(kind.path, id).status)
    assert seen == [value for n in range(10) for value in (n, 404)]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g8_what_is_read_can_be_written_back(door: Door, world: World, kind: Kind) -> None:
    id = fresh()
    stored(door.put(kind.path, id, kind.full(id, world)))
    read = door.get(kind.path, id).json()
    stored(door.put(kind.path, id, read))
    assert same(door.get(kind.path, id).json(), read)


TEXTS = {
    "empty": "", "blank": "  ", "lines": "a\nb\r\nc\rd\n", "quotes": "\"'`\\\"", "tab": "\ta\t",
    "japanese": "データ製品",
    "arabic": "منتج البيانات", "emoji": "🧪\u200d👧", "composed": "é", "decomposed": "e\u0301", "bom": "\ufeffx",
    "separator": "a\u2028b\u2029c",
    "next line": "a\x85b", "control": "\x01\x1f\x7f", "zero": "a\x00b", "markup": "<b>&amp;</b>", "long": "x" * 20_000,
    "last": "\U0010ffff",
    "null word": "null", "number word": "1.10", "percent": "%41%2F", "escape": "\\u0041\\n",
    "noncharacter": "\ufffe\uffff",
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g8_text_is_kept_to_the_byte(door: Door, world: World, kind: Kind, text: str) -> None:
    id = fresh()
    sent = kind.small(id, world) | {"description": text, "extra": {"deep": [text]}}
    stored(door.put(kind.path, id, sent))
    assert_came_back(sent, door.get(kind.path, id).json())


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g8_escaped_text_is_the_same_text(door: Door, world: World, kind: Kind) -> None:
    id = fresh()
    sent = kind.small(id, world) | {"extra": "größe 🧪 \u2028"}
    stored(door.raw("PUT", f"/api/{kind.path}/{id}", json.dumps(sent, ensure_ascii=True)))
    assert door.get(kind.path, id).json()["extra"] == sent["extra"]


NUMBERS = [
    "0", "-0", "1", "-1", "1234.45", "0.1", "1e-9", "1E5", "1e+20", "12345678901234567", "9007199254740993",
    "-9223372036854775809",
    "18446744073709551616", "123456789012345678901234567890", "1.0", "0.30000000000000004",

    "1e308", "5e-324", "3.141592653589793",  "2.50",
]  # fmt: skip


@pytest.mark.parametrize("literal", NUMBERS)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g8_numbers_keep_their_value(door: Door, world: World, kind: Kind, literal: str) -> None:
    id = fresh()
    text = json.dumps(kind.small(id, world) | {"extra": {"n": ["@"]}}).replace('"@"', literal)
    stored(door.raw("PUT", f"/api/{kind.path}/{id}", text))
    got = door.get(kind.path, id).exact()["extra"]["n"][0]
    assert isinstance(got, (int, Decimal))
    assert Decimal(got) == Decimal(literal)


VALUES: dict[str, Any] = {
    "empty text": "", "empty array": [], "empty object": {}, "false": False, "true": True, "zero": 0,
    "nested empties": [[], {}, [[]], ""],
    "mixed array": [1, "1", True, None, 1.5, {"a": None}], "nulls in an array": [None, None], "array of arrays": [[1],
    [[2]]],
}  # fmt: skip


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g8_values_keep_their_type(door: Door, world: World, kind: Kind, value: Any) -> None:
    id = fresh()
    sent = kind.small(id, world) | {"extra": value, "more": {"deep": {"deeper": value}}}
    stored(door.put(kind.path, id, sent))
    assert_came_back(sent, door.get(kind.path, id).json())


KEYS = [
    "$ref", "a.b", "with space", "größe", "データ", "", " ", "0", "-1", "a/b", "a\\b", '"', "'", "\n", "#", "id ",
    "_id", "pk", "sk", "__class__",
    "type", "revision", "null", "true", "a" * 2000, "🧪", ":n", "{x}", "%s", "tags ", "Info", "ID",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g8_any_key_is_kept_and_none_changes_its_place(door: Door, world: World, kind: Kind) -> None:
    id = fresh()
    inner = {key: n for n, key in enumerate(KEYS)}
    sent = kind.small(id, world) | {"extra": inner} | inner | {"type": kind.small(id, world).get("type", "t")}
    stored(door.put(kind.path, id, sent))
    got = door.get(kind.path, id).json()
    assert_came_back(sent, got)
    assert list(got["extra"]) == KEYS


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g8_the_order_of_keys_is_kept(door: Door, world: World, kind: Kind) -> None:
    id = fresh()
    sent = dict(reversed(kind.full(id, world).items()))
    stored(door.put(kind.path, id, sent))
    got = door.get(kind.path, id).json()
    assert [key for key in got if key in sent] == list(sent)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g10_unknown_fields_are_kept_at_every_depth(door: Door, world: World, kind: Kind) -> None:
    id = fresh()
    sent = kind.full(id, world) | {"x-new": {"a": [1, {"b": None}]}, "lastEventId": "z", "created": 5}
    nests = {key for key, held in sent.items() if isinstance(held, dict)} - {"links"}
    sent = {key: held | {"x-deep": [0]} if key in nests else held for key, held in sent.items()}
    stored(door.put(kind.path, id, sent))
    assert_came_back(sent, door.get(kind.path, id).json())


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g9_null_is_not_sent(door: Door, world: World, kind: Kind) -> None:
    id = fresh()
    small, full = kind.small(id, world), kind.full(id, world)
    sent = dict.fromkeys(full) | {"unknown": None, "deep": {"a": None, "b": [{"c": None}]}} | small
    stored(door.put(kind.path, id, sent))
    assert_came_back(sent, door.get(kind.path, id).json())


def nulled(full: Any, small: Any) -> Any:
    """`small` with an explicit null for everything else that `full` has, at any depth."""
    objects = isinstance(full, dict) and isinstance(small, dict)
    return {key: nulled(full[key], small[key]) if key in small else None for key in full} if objects else small


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g9_null_is_not_sent_inside_objects_either(door: Door, world: World, kind: Kind) -> None:
    id = fresh()
    sent = nulled(kind.full(id, world), kind.small(id, world))
    stored(door.put(kind.path, id, sent))
    assert_came_back(sent, door.get(kind.path, id).json())


PORT_FIELDS = ("description", "type", "location", "links", "custom", "tags")


@pytest.mark.parametrize(
    "field", [*PORT_FIELDS, "status", "server", "containsPii", "autoApprove", "dataContractId", "assets"]
)
def test_g9_null_is_not_sent_in_output_ports(door: Door, world: World, field: str) -> None:
    id = fresh()
    sent = changed(BY_PATH["dataproducts"].full(id, world), f"outputPorts.0.{field}", None)
    stored(door.put("dataproducts", id, sent))
    assert_came_back(sent, door.get("dataproducts", id).json())


@pytest.mark.parametrize("field", PORT_FIELDS)
def test_g9_null_is_not_sent_in_input_ports(door: Door, world: World, field: str) -> None:
    id = fresh()
    sent = changed(BY_PATH["dataproducts"].full(id, world), f"inputPorts.0.{field}", None)
    stored(door.put("dataproducts", id, sent))
    assert_came_back(sent, door.get("dataproducts", id).json())


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g11_a_rejected_put_changes_nothing(door: Door, feed: Feed, world: World, kind: Kind) -> None:
    id, new = fresh(), fresh()
    stored(door.put(kind.path, id, kind.full(id, world)))
    before = door.get(kind.path, id).json()
    refused(door.put(kind.path, id, changed(kind.full(id, world), "id", 5)), 422)
    refused(door.put(kind.path, new, changed(kind.full(new, world), "id", 5)), 422)
    refused(door.raw("PUT", f"/api/{kind.path}/{id}", "{"), 400)
    assert same(door.get(kind.path, id).json(), before)
    refused(door.get(kind.path, new), 404)
    feed.settle()
    assert [event for event in feed.of(id) if event["type"].endswith("UpdatedEvent")] == []
    assert feed.of(new) == []


def million(seed: str) -> dict[str, Any]:
    """Some thousand columns of text that does not compress: a little more than 1 MB of JSON."""
    letters = random.Random(seed)
    return {
        f"column_{n}": {"type": "string", "description": f"{letters.getrandbits(1600):0400x}", "required": n % 2 == 0}
        for n in range(2200)
    }


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g16_a_document_of_a_megabyte_comes_back(door: Door, world: World, kind: Kind) -> None:
    id = fresh()
    sent = kind.full(id, world) | {"models": {"big": {"fields": million(id)}}}
    assert len(json.dumps(sent)) > 1_000_000
    stored(door.put(kind.path, id, sent))
    assert_came_back(sent, door.get(kind.path, id).json())
    stored(door.put(kind.path, id, kind.small(id, world)))
    assert_came_back(kind.small(id, world), door.get(kind.path, id).json())
    assert door.delete(kind.path, id).status == 200


FILLS = [
    ("dataproducts", "dataProductSpecification"), ("dataproducts", "inputPorts"), ("dataproducts", "outputPorts"),
    ("datausageagreements", "dataUsageAgreementSpecification"), ("teams", "tags"), ("teams", "links"), ("teams",
    "custom"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "field"), FILLS)
def test_g17_a_field_that_may_be_filled_in_need_not_be_sent(door: Door, world: World, path: str, field: str) -> None:
    id = fresh()
    sent = changed(BY_PATH[path].full(id, world), field, GONE)
    stored(door.put(path, id, sent))
    assert_came_back(sent, door.get(path, id).json())
