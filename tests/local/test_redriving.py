"""What a stream gave up on comes back by `souk redrive`, once its cause is removed."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from local.delivery import Delivery, tell, to_queue
from local.executor import Executor, Outcome
from local.redriving import InStore, InStream, NotHeld, redrive
from local.run import LAYER
from local.streams import as_records
from local.templates import Application, Function, StreamMapping, read_application
from reactions import relay_events, relay_notices
from souk.bus import connect as buses
from souk.bus.port import Message
from souk.errors import Failed, NotFound
from souk.events.sequencer import drain
from souk.store.connect import use
from souk.store.port import Commit
from souk.store.sqlite import SqliteStore
from souk.work import Work
from tests.running import ROOT, Running
from tests.store.making import commit, event

HANDLERS = {"log": relay_events.handler, "notice": relay_notices.handler}


class Bus:
    """A bus that refuses everything while it is `down`."""

    def __init__(self) -> None:
        self.down = True
        self.told: list[str] = []

    def put(self, messages: Sequence[Message]) -> None:
        if self.down:
            raise Failed("no bus")
        self.told += [json.loads(message.detail)["id"] for message in messages]


class Runner:
    """Runs the function of a stream, as the executor does."""

    def __init__(self, stream: str) -> None:
        self._stream = stream

    def invoke(self, _function: Any, event: dict[str, Any]) -> Outcome:
        try:
            HANDLERS[self._stream](event, None)
        except Failed as error:
            return Outcome(None, {"errorType": "Failed", "errorMessage": str(error)})
        return Outcome(None)


@pytest.fixture
def bus() -> Iterator[Bus]:
    made = Bus()
    buses.use(made)
    yield made
    buses.use(None)


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    opened = SqliteStore(":memory:")
    use(opened)
    for number in range(5):
        opened.commit(commit(events=[event(f"e{number}")]))
        drain(opened)
    notices = [{"name": "n", "time": "2031-03-10T12:00:00.000000Z", "data": {}}]
    opened.commit(Commit(id="5b4f1f58-0000-4000-8000-000000000000", notices=notices))
    yield opened
    use(None)
    opened.close()


@pytest.fixture
def queue(sqs: Any) -> str:
    url: str = sqs.create_queue(QueueName="letters")["QueueUrl"]
    return url


def given_up(application: Application, sqs: Any, stream: str, records: list[dict[str, Any]]) -> None:
    """The stream's records, delivered until the mapping gives up."""
    executor: Executor = Runner(stream)  # type: ignore[assignment]
    mapping = StreamMapping("t", retries=0, bisect=True, on_failure="arn:aws:sqs:eu-central-1:0:letters")
    letters = to_queue(lambda _: sqs)
    Delivery(executor, application.function("SpoilFunction"), mapping, letters, threading.Event()).deliver(records)


def again(stream: str) -> Any:
    return lambda _arn, event: (Runner(stream).invoke(None, event).error or {}).get("errorType", "")


def left(sqs: Any, queue: str) -> int:
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    return int(attributes["ApproximateNumberOfMessages"]) + int(attributes["ApproximateNumberOfMessagesNotVisible"])


@pytest.mark.parametrize(("stream", "count"), [("log", 5), ("notice", 1)])
def test_dead_letters_are_delivered_once_the_bus_is_mended(
    application: Application, bus: Bus, store: SqliteStore, sqs: Any, queue: str, stream: str, count: int
) -> None:
    waiting: dict[str, list[Any]] = {"log": store.read_log(0, 10), "notice": store.pending_notices(10)}
    given_up(application, sqs, stream, as_records(waiting[stream]))
    assert (bus.told, left(sqs, queue)) == ([], count)
    bus.down = False
    done = redrive(sqs, queue, InStore(store), again(stream))
    assert (done.delivered, done.left, left(sqs, queue)) == (count, [], 0)
    assert len(set(bus.told)) == len(bus.told) == count
    assert store.pending_notices(10) == waiting["notice"][count * (stream == "notice") :]


def test_what_fails_again_stays_and_says_why(
    application: Application, bus: Bus, store: SqliteStore, sqs: Any, queue: str
) -> None:
    given_up(application, sqs, "log", as_records(store.read_log(0, 10)))
    done = redrive(sqs, queue, InStore(store), again("log"))
    assert (done.delivered, done.left, left(sqs, queue)) == (0, ["Failed"] * 5, 5)


class _Gone(Exception):
    pass


class Trimmed:
    """The client of a stream whose records are too old."""

    class exceptions:  # noqa: N801 - as botocore names it
        TrimmedDataAccessException = _Gone
        ResourceNotFoundException = _Gone

    def get_shard_iterator(self, **_: Any) -> Any:
        raise _Gone


class Pages:
    """The client of a stream with three records, two of them on its first page."""

    exceptions = Trimmed.exceptions

    def get_shard_iterator(self, **asked: Any) -> Any:
        assert (asked["ShardIteratorType"], asked["SequenceNumber"]) == ("AT_SEQUENCE_NUMBER", "100")
        return {"ShardIterator": "0"}

    def get_records(self, ShardIterator: str) -> Any:  # noqa: N803 - as botocore names it
        pages = {"0": ["100", "101"], "1": ["102"]}
        records = [
            {"eventID": n, "eventName": "INSERT", "dynamodb": {"SequenceNumber": n}} for n in pages[ShardIterator]
        ]
        return {"Records": records, "NextShardIterator": str(int(ShardIterator) + 1)}


BATCH = {"streamArn": "arn", "shardId": "s", "startSequenceNumber": "100"}


@pytest.mark.parametrize(("last", "read"), [("100", 1), ("101", 2), ("102", 3)])
def test_a_batch_is_read_from_its_stream(last: str, read: int) -> None:
    found = InStream(Pages()).records({**BATCH, "endSequenceNumber": last})
    assert [record["eventID"] for record in found] == ["100", "101", "102"][:read]


def test_records_that_the_stream_has_forgotten_are_told() -> None:
    with pytest.raises(NotHeld, match="for a day"):
        InStream(Trimmed()).records({**BATCH, "endSequenceNumber": "101"})


def test_the_command_says_that_nothing_was_given_up(souk: Running) -> None:
    command = [sys.executable, "-m", "local", "redrive", "--state", str(souk.state)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)
    assert (done.returncode, done.stdout) == (0, "0 dead letters were delivered, 0 stay in their queues\n"), done.stderr


SEEN = json.loads((ROOT / "events/bus/remember_user.json").read_text())


@pytest.fixture(scope="module")
def deployed() -> Iterator[tuple[Executor, Function]]:
    """The function of the bus that remembers newcomers, as the templates have it."""
    stack = read_application(ROOT / "template.yaml")
    executor = Executor(stack.functions, [LAYER])
    yield executor, stack.function("RememberUserFunction")
    executor.stop()


class Down:
    """A store that answers nothing."""

    def __getattr__(self, name: str) -> Any:
        raise Failed(f"no store to {name}")


def remembered(store: SqliteStore) -> str:
    return str(Work(store).get("user", SEEN["detail"]["data"]["id"]).body["card"]["name"])


def failed_at(function: Function, executor: Executor, sqs: Any) -> None:
    """The event, given to its function while there is no store."""
    use(Down())
    tell(executor, function, SEEN, lambda _, letter: to_queue(lambda _: sqs)("arn:aws:sqs:x:0:letters", letter))


def invoked(executor: Executor) -> Any:
    def invoke(arn: str, event: dict[str, Any]) -> str:
        function = executor.by_arn(arn)
        assert function is not None
        return str((executor.invoke(function, event).error or {}).get("errorType", ""))

    return invoke


def test_an_event_that_its_function_failed_at_is_answered_once_the_store_is_back(
    deployed: tuple[Executor, Function], store: SqliteStore, sqs: Any, queue: str
) -> None:
    executor, function = deployed
    failed_at(function, executor, sqs)
    assert left(sqs, queue) == 1
    use(store)
    with pytest.raises(NotFound):
        remembered(store)
    done = redrive(sqs, queue, InStore(store), invoked(executor))
    assert (done.delivered, done.left, left(sqs, queue)) == (1, [], 0)
    assert remembered(store) == SEEN["detail"]["data"]["name"]


def test_an_event_stays_while_its_function_fails(
    deployed: tuple[Executor, Function], store: SqliteStore, sqs: Any, queue: str
) -> None:
    executor, function = deployed
    failed_at(function, executor, sqs)
    done = redrive(sqs, queue, InStore(store), invoked(executor))
    assert (done.delivered, done.left, left(sqs, queue)) == (0, ["Failed"], 1)


def test_an_event_that_a_rule_could_not_deliver_goes_to_the_target_of_the_rule(
    deployed: tuple[Executor, Function], store: SqliteStore, sqs: Any, queue: str
) -> None:
    executor, function = deployed
    named = {"TARGET_ARN": {"DataType": "String", "StringValue": function.arn}}
    sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(SEEN), MessageAttributes=named)
    done = redrive(sqs, queue, InStore(store), invoked(executor))
    assert (done.delivered, done.left, left(sqs, queue)) == (1, [], 0)
    assert remembered(store) == SEEN["detail"]["data"]["name"]


def test_every_function_of_the_bus_leaves_what_it_failed_at() -> None:
    stack = read_application(ROOT / "template.yaml")
    assert {one.logical: one.on_failure.rsplit(":", 1)[-1] for one in stack.functions if one.rules} == dict.fromkeys(
        ("StartDeliveriesFunction", "ApplyGrantsFunction", "RememberUserFunction"),
        "souk-Reactions-ReactionsDeadLetters",
    )
