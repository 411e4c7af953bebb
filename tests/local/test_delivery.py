"""Stream records on their way to a function: filters, retries, bisecting, dead letters, positions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from local.delivery import Delivery, Stopped
from local.executor import Executor
from local.patterns import matches, matches_any
from local.positions import Positions
from local.sources import Chain, LogSource, NewInLog, OutboxSource, lambda_record
from local.streams import Pace, Reader
from local.templates import Application, StreamMapping


def records(*names: str) -> list[dict[str, Any]]:
    return [{"dynamodb": {"Keys": {"sk": {"S": name}}, "SequenceNumber": f"9{name}"}} for name in names]


@pytest.fixture
def letters() -> list[tuple[str, dict[str, Any]]]:
    return []


@pytest.fixture
def deliver(
    application: Application, executor: Executor, letters: list[tuple[str, dict[str, Any]]]
) -> Callable[..., None]:
    def give(mapping: StreamMapping, *names: str, stop: threading.Event | None = None) -> None:
        function = application.function("SpoilFunction")
        delivery = Delivery(
            executor, function, mapping, lambda arn, letter: letters.append((arn, letter)), stop or threading.Event()
        )
        delivery.deliver(records(*names))

    return give


def test_good_batch_is_delivered_once(deliver: Callable[..., None], seen: list[Any]) -> None:
    deliver(StreamMapping("t"), "a", "b", "c")
    assert seen == [["a", "b", "c"]]


def test_poison_record_is_singled_out_and_the_rest_arrives_in_order(
    deliver: Callable[..., None], seen: list[Any], letters: list[Any]
) -> None:
    deliver(StreamMapping("t", retries=1, bisect=True, on_failure="arn:aws:sqs:x:0:q"), "a", "b", "bad", "c", "d")
    arrived = [name for batch in seen if "bad" not in batch for name in batch]
    assert arrived == ["a", "b", "c", "d"]
    assert seen.count(["bad"]) == 2
    ((arn, letter),) = letters
    assert arn == "arn:aws:sqs:x:0:q"
    assert letter["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert letter["responseContext"]["functionError"] == "Spoilt"
    assert letter["DDBStreamBatchInfo"]["startSequenceNumber"] == "9bad"
    assert letter["DDBStreamBatchInfo"]["batchSize"] == 1


def test_without_bisecting_the_batch_is_given_up_as_a_whole(
    deliver: Callable[..., None], seen: list[Any], letters: list[Any]
) -> None:
    deliver(StreamMapping("t", retries=2, on_failure="arn:q"), "a", "bad")
    assert seen == [["a", "bad"]] * 3
    assert letters[0][1]["DDBStreamBatchInfo"]["batchSize"] == 2


def test_without_a_limit_it_is_tried_until_the_run_ends(deliver: Callable[..., None], seen: list[Any]) -> None:
    stop = threading.Event()
    threading.Timer(0.4, stop.set).start()
    with pytest.raises(Stopped):
        deliver(StreamMapping("t", retries=-1, on_failure="arn:q"), "bad", stop=stop)
    assert len(seen) >= 3


@pytest.mark.parametrize(
    ("pattern", "passes"),
    [
        ({"eventName": ["INSERT", "MODIFY"]}, True),
        ({"eventName": ["REMOVE"]}, False),
        ({"dynamodb": {"Keys": {"pk": {"S": ["event"]}}}}, True),
        ({"dynamodb": {"Keys": {"pk": {"S": [{"prefix": "ev"}]}}}}, True),
        ({"dynamodb": {"Keys": {"pk": {"S": [{"anything-but": ["event"]}]}}}}, False),
        ({"dynamodb": {"OldImage": [{"exists": False}]}}, True),
        ({"dynamodb": {"Keys": {"sk": {"S": ["x"]}}}}, False),
        ({"absent": {"deep": [{"exists": False}]}}, True),
    ],
)
def test_filter_patterns(pattern: dict[str, Any], passes: bool) -> None:
    assert matches(pattern, {"eventName": "INSERT", "dynamodb": {"Keys": {"pk": {"S": "event"}}}}) is passes


def test_no_filter_lets_everything_through_and_one_of_many_is_enough() -> None:
    assert matches_any((), {"a": 1})
    assert matches_any(({"a": [2]}, {"a": [1]}), {"a": 1})
    assert not matches_any(({"a": [2]},), {"a": 1})


def log_record(number: int) -> dict[str, Any]:
    return {"dynamodb": {"Keys": {"sk": {"N": str(number)}}}}


def as_log_records(numbers: Sequence[int]) -> list[dict[str, Any]]:
    return [log_record(number) for number in numbers]


def read_log(after: int, limit: int) -> list[int]:
    return list(range(after + 1, min(after + limit, 7) + 1))


def test_log_is_read_from_the_kept_position(tmp_path: Path) -> None:
    positions = Positions(tmp_path / "positions.json")
    source = LogSource(read_log, as_log_records, positions, "relay")
    first = source.read(5)
    assert source.read(5) == first
    source.taken(first)
    positions.save()
    again = LogSource(read_log, as_log_records, Positions(tmp_path / "positions.json"), "relay")
    assert again.read(5) == [log_record(6), log_record(7)]


def test_position_behind_the_end_of_the_log_is_taken_back(tmp_path: Path) -> None:
    positions = Positions(tmp_path / "positions.json")
    positions.set("relay", 9)
    positions.limit("relay", 4)
    assert positions.get("relay") == 4
    positions.limit("relay", 6)
    assert positions.get("relay") == 4


def test_stream_of_the_log_gives_only_what_is_new(tmp_path: Path) -> None:
    positions = Positions(tmp_path / "positions.json")
    positions.set("relay", 2)
    batches = [as_log_records([1, 2]), as_log_records([2, 3]), []]

    class Stream:
        def read(self, limit: int) -> list[dict[str, Any]]:
            return batches[0]

        def taken(self, records: Sequence[dict[str, Any]]) -> None:
            batches.pop(0)

    source = NewInLog(Stream(), positions, "relay")
    assert source.read(10) == []
    assert source.read(10) == [log_record(3)]
    source.taken([log_record(3)])
    assert source.read(10) == []
    assert positions.get("relay") == 3


class Item:
    def __init__(self, id: str) -> None:
        self.id = id


def test_outbox_gives_the_same_items_again_only_after_a_while() -> None:
    waiting = [Item("a")]
    source = OutboxSource(lambda _: waiting, lambda items: [{"id": item.id} for item in items])
    assert source.read(10) == [{"id": "a"}]
    assert source.read(10) == []
    waiting.append(Item("b"))
    assert source.read(10) == [{"id": "a"}, {"id": "b"}]


def test_what_was_left_comes_before_what_is_new(tmp_path: Path) -> None:
    left = LogSource(read_log, as_log_records, Positions(tmp_path / "a.json"), "relay")
    new = LogSource(lambda after, limit: [99], as_log_records, Positions(tmp_path / "b.json"), "relay")
    chain = Chain(left, new)
    got = []
    for _ in range(3):
        batch = chain.read(4)
        chain.taken(batch)
        got.extend(batch)
    assert got == as_log_records([1, 2, 3, 4, 5, 6, 7, 99])


def test_records_of_the_streams_api_become_those_of_lambda() -> None:
    import datetime

    moment = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
    body = {
        "Keys": {"pk": {"S": "event"}},
        "NewImage": {"b": {"B": b"\x00\xff"}},
        "ApproximateCreationDateTime": moment,
    }
    record = lambda_record({"eventID": "1", "eventName": "INSERT", "dynamodb": body}, "arn:stream")
    assert record["dynamodb"]["NewImage"] == {"b": {"B": "AP8="}}
    assert record["dynamodb"]["ApproximateCreationDateTime"] == moment.timestamp()
    assert (record["eventSource"], record["eventSourceARN"]) == ("aws:dynamodb", "arn:stream")


def test_reader_goes_on_after_a_fault_of_its_source(deliver: Callable[..., None], monkeypatch: Any) -> None:
    monkeypatch.setattr("local.streams._PAUSE_AFTER_FAULT", 0.01)
    stop, taken = threading.Event(), threading.Event()
    answers: list[list[dict[str, Any]]] = [[{}], [{}]]
    faults = iter([OSError("the store is away"), KeyError("what is that?")])

    class Faulty:
        def read(self, limit: int) -> list[dict[str, Any]]:
            for fault in faults:
                raise fault
            return answers[0]

        def taken(self, records: Sequence[dict[str, Any]]) -> None:
            taken.set()

    class Accepting:
        def deliver(self, records: Sequence[dict[str, Any]]) -> None:
            pass

    reader = Reader("test", Faulty(), StreamMapping("t"), Accepting(), stop, Pace(0.01, 0.01, 0.0))  # type: ignore[arg-type]
    reader.start()
    assert taken.wait(5)
    stop.set()
    reader.join(5)
    assert not reader.is_alive()
