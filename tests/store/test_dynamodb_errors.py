"""What becomes of what DynamoDB answers when something is wrong. Its answers are put in place of the network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from souk.errors import Busy, Failed, TooLarge
from souk.store import calls, dynamodb_records
from souk.store.clients import client
from souk.store.dynamodb import DynamoStore
from souk.store.dynamodb_items import Tables
from souk.store.port import Check, LogBatch, PositionTaken, Put, Stale, StillReferenced
from tests.engines import aws_at
from tests.store.making import changed, commit, deleted, event, record

Answer = AWSResponse | Exception


class _Raw(BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.getvalue()


def answer(status: int, body: dict[str, Any]) -> AWSResponse:
    headers: Any = HeadersDict({"content-type": "application/x-amz-json-1.0"})
    return AWSResponse("http://127.0.0.1:9/", status, headers, _Raw(json.dumps(body).encode()))


def error(code: str, status: int = 400, **more: Any) -> AWSResponse:
    return answer(
        status, {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": more.pop("message", code), **more}
    )


def cancelled(*reasons: str) -> AWSResponse:
    return error("TransactionCanceledException", CancellationReasons=[{"Code": reason} for reason in reasons])


OK = answer(200, {})


class Line:
    """Says the given answers, one to a request, and keeps the requests."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.requests: list[dict[str, Any]] = []

    def __call__(self, request: Any, **_: Any) -> AWSResponse:
        self.requests.append(json.loads(request.body))
        next_answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(next_answer, Exception):
            raise next_answer
        return next_answer


@pytest.fixture(scope="module")
def nowhere() -> Iterator[None]:
    with aws_at("http://127.0.0.1:9"):
        yield


@pytest.fixture
def line(nowhere: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    for module in (calls, dynamodb_records):
        monkeypatch.setattr(module, "pause", lambda _: None)
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    line = Line()
    client("dynamodb").meta.events.register("before-send.dynamodb", line)
    yield line
    client("dynamodb").meta.events.unregister("before-send.dynamodb", line)


@pytest.fixture
def store(line: Line) -> DynamoStore:
    return DynamoStore(Tables("entities", "outbox", "log", "bucket"))


FIRST = record("a", references=("kept", "dropped"))
NEXT = changed(FIRST, references=("kept",))
FULL = commit(
    Put(NEXT, FIRST),
    Put(record("b"), None),
    checks=[Check("guard", 4)],
    unreferenced=["dropped", "free"],
    events=[event("a")],
)
"""Items: outbox, record a, record b, check, counter `dropped`, counter `free`."""
NONE, FAILED, CONFLICT = "None", "ConditionalCheckFailed", "TransactionConflict"


def test_the_items_of_a_commit(store: DynamoStore, line: Line) -> None:
    line.answers = [OK]
    store.commit(FULL)
    [request] = line.requests
    items = [next(iter(item.items())) for item in request["TransactItems"]]
    assert [action for action, _ in items] == ["Put", "Put", "Put", "ConditionCheck", "Update", "ConditionCheck"]
    shown = [(what.get("Key") or what["Item"])["pk"]["S"] for _, what in items]
    assert shown == ["event", f"r#{FIRST.key}", f"r#{record('b').key}", "r#guard", "n#dropped", "n#free"]
    assert [what.get("ConditionExpression") for _, what in items] == [
        None, "v = :v", "attribute_not_exists(pk)", "v = :v", "n = :left", "attribute_not_exists(n) OR n = :zero",
    ]  # fmt: skip
    assert len(request["ClientRequestToken"]) == 36


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        ([NONE, FAILED, NONE, NONE, NONE, NONE], Stale),
        ([NONE, NONE, FAILED, NONE, NONE, NONE], Stale),
        ([NONE, NONE, NONE, FAILED, NONE, NONE], Stale),
        ([NONE, NONE, NONE, NONE, FAILED, NONE], StillReferenced),
        ([NONE, NONE, NONE, NONE, NONE, FAILED], StillReferenced),
        ([NONE, FAILED, NONE, NONE, FAILED, NONE], Stale),
        ([NONE, CONFLICT, NONE, NONE, FAILED, NONE], StillReferenced),
    ],
)
def test_a_condition_that_fails_is_named_by_its_item(
    store: DynamoStore, line: Line, reasons: list[str], expected: type[Exception]
) -> None:
    line.answers = [cancelled(*reasons)]
    with pytest.raises(expected) as raised:
        store.commit(FULL)
    assert len(line.requests) == 1
    assert raised.value.args == ({4: ("dropped",), 5: ("free",)}.get(reasons.index(FAILED), ()))


@pytest.mark.parametrize(
    "first",
    [
        cancelled(NONE, CONFLICT, NONE, NONE, NONE, NONE),
        cancelled(NONE, "ThrottlingError", "ProvisionedThroughputExceeded"),
        error("TransactionInProgressException"),
        error("ProvisionedThroughputExceededException"),
        error("InternalServerError", 500),
        ReadTimeoutError(endpoint_url="http://127.0.0.1:9/"),
    ],
    ids=["conflict", "throttled items", "in progress", "throttled", "internal", "lost reply"],
)
def test_what_passes_is_tried_again_under_the_same_token(store: DynamoStore, line: Line, first: Answer) -> None:
    line.answers = [first, first, OK]
    store.commit(commit(Put(record("a"), None), events=[event("a")]))
    assert len(line.requests) == 3
    assert line.requests[0] == line.requests[1] == line.requests[2]


def test_a_commit_that_is_sent_again_by_its_caller_is_the_same_request(store: DynamoStore, line: Line) -> None:
    line.answers = [ReadTimeoutError(endpoint_url="http://127.0.0.1:9/")]
    again = commit(Put(record("a"), None), events=[event("a")], notices=[{"name": "n"}])
    for _ in range(2):
        with pytest.raises(Failed):
            store.commit(again)
    assert line.requests[0] == line.requests[-1]


@pytest.mark.parametrize(
    ("always", "expected"),
    [
        (cancelled(NONE, CONFLICT), Busy),
        (error("TransactionInProgressException"), Busy),
        (error("ThrottlingException"), Busy),
        (error("RequestLimitExceeded"), Busy),
        (error("InternalServerError", 500), Failed),
        (error("ResourceNotFoundException"), Failed),
        (error("AccessDeniedException"), Failed),
        (cancelled("ValidationError"), Failed),
        (error("ValidationException", message="Item size has exceeded the maximum allowed size"), TooLarge),
        (error("IdempotentParameterMismatchException"), ValueError),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:9/"), Failed),
        (ReadTimeoutError(endpoint_url="http://127.0.0.1:9/"), Failed),
    ],
)
def test_what_does_not_pass_ends(store: DynamoStore, line: Line, always: Answer, expected: type[Exception]) -> None:
    line.answers = [always]
    with pytest.raises(expected):
        store.commit(FULL)
    assert len(line.requests) <= 50


def test_conflicts_are_tried_a_bounded_number_of_times(store: DynamoStore, line: Line) -> None:
    line.answers = [cancelled(NONE, CONFLICT)]
    with pytest.raises(Busy):
        store.commit(FULL)
    assert len(line.requests) == 12


READS: list[Callable[[DynamoStore], Any]] = [
    lambda s: s.get_many(["a"]),
    lambda s: s.get_many(["a", "b"]),
    lambda s: s.page("l", limit=1),
    lambda s: s.count("l"),
    lambda s: s.pending(1),
    lambda s: s.read_log(0, 1),
    lambda s: s.last_batch(),
]


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize(
    ("always", "expected"),
    [
        (error("ProvisionedThroughputExceededException"), Busy),
        (error("InternalServerError", 500), Failed),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:9/"), Failed),
    ],
    ids=["throttled", "internal", "no connection"],
)
def test_reads_that_fail(
    store: DynamoStore, line: Line, read: Callable[[DynamoStore], Any], always: Answer, expected: type[Exception]
) -> None:
    line.answers = [always]
    with pytest.raises(expected):
        read(store)


def test_keys_that_were_not_processed_are_asked_for_again(store: DynamoStore, line: Line) -> None:
    def item(key: str) -> dict[str, Any]:
        body = "eyJrIjoidCIsImkiOiJhIiwiYyI6IiIsInUiOiIiLCJiIjp7fX0="
        return {"pk": {"S": f"r#{key}"}, "sk": {"S": "-"}, "v": {"N": "1"}, "b": {"B": body}}

    left = {"entities": {"Keys": [{"pk": {"S": "r#b"}, "sk": {"S": "-"}}], "ConsistentRead": True}}
    line.answers = [
        answer(200, {"Responses": {"entities": [item("a")]}, "UnprocessedKeys": left}),
        answer(200, {"Responses": {}, "UnprocessedKeys": left}),
        answer(200, {"Responses": {"entities": [item("b")]}, "UnprocessedKeys": {}}),
    ]
    assert set(store.get_many(["a", "b"])) == {"a", "b"}
    assert line.requests[1]["RequestItems"] == left


def test_keys_that_are_never_processed_are_busy(store: DynamoStore, line: Line) -> None:
    left = {"entities": {"Keys": [{"pk": {"S": "r#b"}, "sk": {"S": "-"}}], "ConsistentRead": True}}
    line.answers = [answer(200, {"Responses": {}, "UnprocessedKeys": left})]
    with pytest.raises(Busy):
        store.get_many(["a", "b"])


def outbox(*names: str) -> AWSResponse:
    return answer(200, {"Items": [{"sk": {"S": name}} for name in names], "Count": len(names)})


def test_a_taken_position_says_which_items_are_gone(store: DynamoStore, line: Line) -> None:
    line.answers = [outbox("x")]
    with pytest.raises(PositionTaken) as taken:
        store.append(LogBatch(1, [{}]), ["x", "y"])
    assert taken.value.gone == {"y"}
    line.answers = [outbox("x", "y"), error(FAILED + "Exception")]
    with pytest.raises(PositionTaken) as taken:
        store.append(LogBatch(1, [{}]), ["x", "y"])
    assert taken.value.gone == frozenset()


def test_removals_that_were_not_processed_are_asked_again(store: DynamoStore, line: Line) -> None:
    left = {"outbox": [{"DeleteRequest": {"Key": {"pk": {"S": "event"}, "sk": {"S": "y"}}}}]}
    line.answers = [outbox("x", "y"), OK, answer(200, {"UnprocessedItems": left}), OK]
    store.append(LogBatch(1, [{}]), ["x", "y"])
    assert line.requests[-1]["RequestItems"] == left


def test_removals_that_are_never_processed_are_busy(store: DynamoStore, line: Line) -> None:
    left = {"outbox": [{"DeleteRequest": {"Key": {"pk": {"S": "event"}, "sk": {"S": "y"}}}}]}
    line.answers = [outbox("x", "y"), OK, answer(200, {"UnprocessedItems": left})]
    with pytest.raises(Busy):
        store.append(LogBatch(1, [{}]), ["x", "y"])


def test_what_is_not_about_the_position_is_no_taken_position(store: DynamoStore, line: Line) -> None:
    line.answers = [outbox("x"), error("AccessDeniedException")]
    with pytest.raises(Failed):
        store.append(LogBatch(1, [{}]), ["x"])


def test_every_read_is_consistent_and_none_is_a_scan(store: DynamoStore, line: Line) -> None:
    line.answers = [answer(200, {"Items": [], "Count": 0, "Responses": {}})]
    for read in READS:
        read(store)
    asked = [request.get("RequestItems", {}).get("entities", request) for request in line.requests]
    assert len(asked) == len(READS)
    assert [request["ConsistentRead"] for request in asked] == [True] * len(READS)


def test_a_tombstone_gives_its_references_back(store: DynamoStore, line: Line) -> None:
    line.answers = [OK]
    store.commit(commit(Put(deleted(FIRST), FIRST)))
    updates = [item["Update"] for item in line.requests[0]["TransactItems"] if "Update" in item]
    assert [(u["Key"]["pk"]["S"], u["ExpressionAttributeValues"][":d"]["N"]) for u in updates] == [
        ("n#dropped", "-1"), ("n#kept", "-1"),
    ]  # fmt: skip
