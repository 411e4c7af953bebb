"""The emulated services as a run uses them: kept objects, rules, machines, and the pin of the emulator."""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ministack.services import eventbridge

from local import ministack_patches
from local.engine import Engine
from local.executor import Executor
from local.state import State
from local.templates import Application
from souk.errors import Failed
from tests.running import eventually


@pytest.fixture(scope="module")
def engine(application: Application, executor: Executor, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    state = State(tmp_path_factory.mktemp("engine"))
    engine = Engine(state, application, executor, tables=True)
    engine.start()
    yield engine
    engine.stop()


def test_emulator_is_the_version_whose_names_are_patched() -> None:
    assert importlib.metadata.version("ministack") == ministack_patches.PINNED


@pytest.mark.parametrize(
    ("module", "name"), [(module, name) for module, names in ministack_patches.PATCHED.items() for name in names]
)
def test_patched_names_are_still_there(module: str, name: str) -> None:
    assert hasattr(importlib.import_module(module), name)


def test_no_listener_but_http_is_started(engine: Engine) -> None:
    assert engine.endpoint.startswith("http://127.0.0.1:")
    assert "ministack.services.iot" not in sys.modules
    assert "ministack.services.transfer" not in sys.modules


def test_what_the_templates_declare_is_there(engine: Engine) -> None:
    assert engine.client("dynamodb").list_tables()["TableNames"] == ["souk-Outbox"]
    assert [b["Name"] for b in engine.client("s3").list_buckets()["Buckets"]] == ["souk-bucket"]
    assert engine.client("sqs").get_queue_url(QueueName="souk-Reactions-Letters")["QueueUrl"]
    rules = engine.client("events").list_rules(EventBusName="sample-bus")["Rules"]
    assert [rule["Name"] for rule in rules] == ["souk-Reactions-RecordFunction-Bus"]


def test_objects_are_on_disk_as_soon_as_they_are_put(engine: Engine) -> None:
    s3 = engine.client("s3")
    s3.put_object(Bucket="souk-bucket", Key="bodies/a b/é", Body=b"\x00" * 5000)
    assert s3.get_object(Bucket="souk-bucket", Key="bodies/a b/é")["Body"].read() == b"\x00" * 5000
    kept = [path for path in Path(engine.data / "s3").rglob("*") if path.is_file() and path.stat().st_size == 5000]
    assert len(kept) == 1


def test_event_on_the_bus_reaches_its_function(engine: Engine, seen: list[Any]) -> None:
    entry = {"Source": "sample", "DetailType": "Roasted", "Detail": '{"batch":"41"}', "EventBusName": "sample-bus"}
    other = entry | {"Source": "other"}
    assert engine.client("events").put_events(Entries=[other, entry])["FailedEntryCount"] == 0
    eventually(lambda: len(seen) == 1)
    assert (seen[0]["detail-type"], seen[0]["detail"]) == ("Roasted", {"batch": "41"})


def test_event_that_is_put_without_http_reaches_its_function(engine: Engine, seen: list[Any]) -> None:
    entry = {"Source": "sample", "DetailType": "Ground", "Detail": '{"batch":"42"}', "EventBusName": "sample-bus"}
    assert engine.put_events(Entries=[entry])["FailedEntryCount"] == 0
    eventually(lambda: len(seen) == 1)
    assert (seen[0]["detail-type"], seen[0]["detail"]) == ("Ground", {"batch": "42"})


def test_bus_that_refuses_is_a_failure(engine: Engine) -> None:
    with pytest.raises(Failed):
        engine.put_events(Entries=[{"Source": "sample", "DetailType": "Ground", "Detail": "{}"}] * 11)


def test_emulator_keeps_the_last_events_only(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    log: dict[str, Any] = {}
    monkeypatch.setattr(eventbridge, "_events_log", log)
    entry = {"Source": "nobody", "DetailType": "Ground", "Detail": "{}", "EventBusName": "sample-bus"}
    for _ in range(12):
        engine.put_events(Entries=[entry] * 10)
    assert [len(kept) for kept in log.values()] == [ministack_patches.EVENTS_KEPT]


@pytest.fixture
def execute(engine: Engine) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Run the sample's machine to its end."""
    client = engine.client("stepfunctions")
    arn = client.list_state_machines()["stateMachines"][0]["stateMachineArn"]

    def run(given: dict[str, Any]) -> dict[str, Any]:
        execution = client.start_execution(stateMachineArn=arn, input=json.dumps(given))["executionArn"]
        eventually(lambda: client.describe_execution(executionArn=execution)["status"] != "RUNNING")
        described: dict[str, Any] = client.describe_execution(executionArn=execution)
        return described

    return run


def test_machine_runs_its_tasks_in_our_functions(execute: Callable[..., dict[str, Any]], seen: list[Any]) -> None:
    ended = execute({"n": 1})
    assert (ended["status"], json.loads(ended["output"])) == ("SUCCEEDED", {"tries": 1})
    assert seen == [{"n": 1}]


def test_retry_matches_the_name_of_the_error(execute: Callable[..., dict[str, Any]], seen: list[Any]) -> None:
    ended = execute({"busy": 1})
    assert (ended["status"], json.loads(ended["output"])) == ("SUCCEEDED", {"tries": 2})


def test_catch_matches_the_name_of_the_error(execute: Callable[..., dict[str, Any]], seen: list[Any]) -> None:
    output = json.loads(execute({"spoilt": True})["output"])
    assert output["failure"]["Error"] == "Spoilt"
    assert json.loads(output["failure"]["Cause"])["errorMessage"] == "never"
    assert len(seen) == 1


def test_tables_outlast_a_stop(engine: Engine) -> None:
    dynamodb = engine.client("dynamodb")
    item = {"pk": {"S": "event"}, "sk": {"S": "kept"}, "b": {"B": b"\x00\xff"}}
    dynamodb.put_item(TableName="souk-Outbox", Item=item)
    engine.save()
    dynamodb.delete_item(TableName="souk-Outbox", Key={"pk": {"S": "event"}, "sk": {"S": "kept"}})
    ministack_patches.load_tables(engine.data)
    assert dynamodb.get_item(TableName="souk-Outbox", Key={"pk": {"S": "event"}, "sk": {"S": "kept"}})["Item"] == item


def test_poison_record_of_a_stream_ends_in_the_queue_and_the_others_arrive(
    engine: Engine, application: Application, executor: Executor, seen: list[Any], tmp_path: Path
) -> None:
    from local.delivery import to_queue
    from local.positions import Positions
    from local.streams import Streams

    streams = Streams("aws", Positions(tmp_path / "positions.json"), engine.client, left_in_store=False)
    streams.start(application, executor, to_queue(engine.client))
    dynamodb = engine.client("dynamodb")
    for name in ("n1", "n2", "bad", "n3", "n4", "n5"):
        dynamodb.put_item(TableName="souk-Outbox", Item={"pk": {"S": "event"}, "sk": {"S": name}})
    dynamodb.put_item(TableName="souk-Outbox", Item={"pk": {"S": "notice"}, "sk": {"S": "other"}})
    streams.wake()

    def arrived() -> list[str]:
        return [name for batch in seen if "bad" not in batch for name in batch if name.startswith("n")]

    eventually(lambda: arrived() == ["n1", "n2", "n3", "n4", "n5"])
    sqs = engine.client("sqs")
    url = sqs.get_queue_url(QueueName="souk-Reactions-Letters")["QueueUrl"]
    (letter,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"]
    assert json.loads(letter["Body"])["responseContext"]["functionError"] == "Spoilt"
    assert seen.count(["bad"]) == 2
    assert not any("other" in batch for batch in seen)
    streams.stop()
