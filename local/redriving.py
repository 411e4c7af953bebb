"""Bringing back what was given up on. Dead letters of streams say where records are: they are read again and delivered.
Dead letters of the bus hold their event.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from local.sources import Record, lambda_record
from local.streams import as_records

_AT_ONCE = 10
_HIDDEN_SECONDS = 300
_NOTICES = 10_000
_TARGET = "TARGET_ARN"
Invoke = Callable[[str, dict[str, Any]], str]
"""Runs the function of this ARN with an event; what went wrong, or nothing."""


class Redriven(NamedTuple):
    """How many dead letters were delivered, and why others stay in their queue."""

    delivered: int
    left: list[str]


class NotHeld(Exception):
    """The records of a dead letter are gone."""


class Held(Protocol):
    """Where records can be read again."""

    def records(self, batch: dict[str, Any]) -> list[Record]:
        """The records of a dead letter's batch, without notices that were relayed meanwhile. Raises NotHeld."""
        ...


class InStore:
    """An embedded store: log numbers and places in the outbox are what stands for sequence numbers."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def records(self, batch: dict[str, Any]) -> list[Record]:
        """See `Held`."""
        first, last = int(batch["startSequenceNumber"]), int(batch["endSequenceNumber"])
        if batch["streamArn"] == "log":
            return as_records(self._store.read_log(first - 1, last - first + 1))
        waiting = self._store.pending_notices(_NOTICES)
        return as_records([item for item in waiting if first <= int(item.id) <= last])


class InStream:
    """A table's stream, which keeps its records for a day."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def records(self, batch: dict[str, Any]) -> list[Record]:
        """See `Held`."""
        arn, last = batch["streamArn"], int(batch["endSequenceNumber"])
        try:
            iterator = self._client.get_shard_iterator(
                StreamArn=arn,
                ShardId=batch["shardId"],
                ShardIteratorType="AT_SEQUENCE_NUMBER",
                SequenceNumber=batch["startSequenceNumber"],
            )["ShardIterator"]
            return self._up_to(iterator, last, arn)
        except (self._client.exceptions.TrimmedDataAccessException, self._client.exceptions.ResourceNotFoundException):
            raise NotHeld("the stream keeps its records for a day, and these are older") from None

    def _up_to(self, iterator: str | None, last: int, arn: str) -> list[Record]:
        found: list[Record] = []
        while iterator:
            answer = self._client.get_records(ShardIterator=iterator)
            read = [one for one in answer["Records"] if int(one["dynamodb"]["SequenceNumber"]) <= last]
            found += [lambda_record(one, arn) for one in read]
            done = len(read) < len(answer["Records"]) or (read and int(read[-1]["dynamodb"]["SequenceNumber"]) == last)
            iterator = None if done else answer.get("NextShardIterator")
        return found


def redrive(sqs: Any, queue: str, held: Held, invoke: Invoke) -> Redriven:
    """Deliver the dead letters of a queue again. A letter leaves the queue once its records were taken."""
    delivered, left = 0, []
    while letters := _receive(sqs, queue):
        for letter in letters:
            wrong = _again(letter, held, invoke)
            if wrong:
                left.append(wrong)
            else:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=letter["ReceiptHandle"])
                delivered += 1
    return Redriven(delivered, left)


def _receive(sqs: Any, queue: str) -> list[dict[str, Any]]:
    """Some letters, which are hidden for the while: what stays is not met twice in one run."""
    answer = sqs.receive_message(
        QueueUrl=queue,
        MaxNumberOfMessages=_AT_ONCE,
        VisibilityTimeout=_HIDDEN_SECONDS,
        MessageAttributeNames=[_TARGET],
    )
    letters: list[dict[str, Any]] = answer.get("Messages", [])
    return letters


def _again(letter: dict[str, Any], held: Held, invoke: Invoke) -> str:
    """Deliver one letter. What went wrong, or nothing.

    A stream names records, a function's destination and a rule of the bus give the event itself; a rule names the
    function beside it.
    """
    target = letter.get("MessageAttributes", {}).get(_TARGET, {}).get("StringValue")
    try:
        said = json.loads(letter["Body"])
        function = target or said["requestContext"]["functionArn"]
    except (KeyError, TypeError, ValueError):
        return "a message that is no dead letter"
    if target:
        return invoke(target, said)
    if "requestPayload" in said:
        return invoke(function, said["requestPayload"])
    try:
        records = held.records(said["DDBStreamBatchInfo"])
    except NotHeld as gone:
        return str(gone)
    return invoke(function, {"Records": records}) if records else ""
