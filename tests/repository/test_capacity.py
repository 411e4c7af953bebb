"""What each operation asks of AWS is what the table says: calls, and units of reading and writing.

Where one differs for a reason, write the table anew: `python -m benchmarks.capacity`.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks.capacity import TABLE, play_all, table_of
from benchmarks.meter import Meter, size
from benchmarks.stories import sources
from local.templates import read_application
from souk.store import clients
from souk.store.dynamodb_items import at
from tests.engines import aws, dynamo_store, emulator
from tests.running import ROOT

__all__ = ["aws", "emulator"]

RECORDED = [f"{path.parent.name}/{path.stem}" for path in sources()]
KEPT: dict[str, Any] = json.loads(TABLE.read_text())


@pytest.fixture(scope="module")
def now(aws: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return table_of(play_all(tmp_path_factory.mktemp("capacity")))


@pytest.mark.parametrize("name", RECORDED)
def test_operation_asks_what_the_table_says(now: dict[str, Any], name: str) -> None:
    assert now[name] == KEPT.get(name), "is it meant? then run `python -m benchmarks.capacity`"


def test_table_names_every_operation_and_no_other() -> None:
    assert sorted(KEPT) == sorted(RECORDED)


def test_no_operation_scans() -> None:
    assert [name for name, row in KEPT.items() if "dynamodb.Scan" in row["calls"]] == []


def test_no_table_has_an_index_that_writes_fan_out_to() -> None:
    tables = read_application(ROOT / "template.yaml").tables
    assert len(tables) == 3
    assert [name for table in tables for name in table if name.endswith("SecondaryIndexes")] == []


def item(bytes_of_body: int, pk: str = "r#one") -> dict[str, Any]:
    """An item of its key's 8 bytes, the name of its body, and so many bytes."""
    return {"pk": {"S": pk}, "sk": {"S": "-"}, "b": {"B": b"x" * bytes_of_body}}


def test_items_have_the_size_that_dynamodb_counts() -> None:
    assert size(item(100)) == len("pk" + "r#one" + "sk" + "-" + "b") + 100
    assert [size({"n": {"N": number}}) for number in ("7", "12", "123", "-1234")] == [3, 3, 4, 4]


@pytest.mark.parametrize(
    ("body", "single", "within", "read"), [(100, 1, 2, 1), (1013, 1, 2, 1), (1014, 2, 4, 1), (5000, 5, 10, 2)]
)
def test_units_grow_with_the_size(aws: None, body: int, single: int, within: int, read: int) -> None:
    meter = Meter()
    meter.listen()
    store: Any = dynamo_store()
    table = store._tables.entities
    with meter.of() as asked:
        clients.client("dynamodb").put_item(TableName=table, Item=item(body))
    assert (asked.wru, asked.calls) == (single, {"dynamodb.PutItem": 1})
    with meter.of() as asked:
        put = {"TableName": table, "Item": item(body, "r#two")}
        clients.client("dynamodb").transact_write_items(TransactItems=[{"Put": put}])
    assert asked.wru == within
    with meter.of() as asked:
        clients.client("dynamodb").get_item(TableName=table, Key=at("r#one"), ConsistentRead=True)
    assert asked.rru == read


def test_what_is_replaced_by_less_costs_what_it_was(aws: None) -> None:
    meter = Meter()
    meter.listen()
    store: Any = dynamo_store()
    table, client = store._tables.entities, clients.client("dynamodb")
    client.put_item(TableName=table, Item=item(3000))
    with meter.of() as asked:
        client.put_item(TableName=table, Item=item(10))
        client.delete_item(TableName=table, Key=at("r#one"))
    assert asked.wru == 3 + 1
