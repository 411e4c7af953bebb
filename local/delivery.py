"""Delivering stream records and events of the bus, with Lambda's retries, bisecting and on-failure destinations."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from local.executor import Executor, Outcome
from local.templates import Function, StreamMapping

_log = logging.getLogger("local.delivery")
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 5.0
_TRIES = 3
DeadLetter = Callable[[str, dict[str, Any]], None]


class Stopped(Exception):
    """The run is ending; the batch was not delivered and will be read again."""


class Delivery:
    """Gives batches to one function. `dead_letter(arn, message)` takes what retries could not deliver."""

    def __init__(
        self,
        executor: Executor,
        function: Function,
        mapping: StreamMapping,
        dead_letter: DeadLetter,
        stop: threading.Event,
    ) -> None:
        self._executor, self._function, self._mapping = executor, function, mapping
        self._dead_letter, self._stop = dead_letter, stop

    def deliver(self, records: Sequence[dict[str, Any]]) -> None:
        """Return when every record was taken, or was given up by the mapping's rules. Raises Stopped.

        A batch that fails is split where the mapping says so, and splitting costs no attempt; order is kept.
        """
        attempts = 0
        pause = _FIRST_PAUSE
        while True:
            outcome = self._executor.invoke(self._function, {"Records": list(records)})
            if not outcome.error:
                return
            if self._mapping.bisect and len(records) > 1:
                middle = len(records) // 2
                self.deliver(records[:middle])
                self.deliver(records[middle:])
                return
            attempts += 1
            if 0 <= self._mapping.retries < attempts:
                self._give_up(records, outcome, attempts)
                return
            _log.warning("%s failed on %d records, attempt %d", self._function.logical, len(records), attempts)
            if self._stop.wait(pause):
                raise Stopped
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _give_up(self, records: Sequence[dict[str, Any]], outcome: Outcome, attempts: int) -> None:
        _log.error("%s gave up on %d records", self._function.logical, len(records))
        if self._mapping.on_failure:
            self._dead_letter(self._mapping.on_failure, self._message(records, outcome, attempts))

    def _message(self, records: Sequence[dict[str, Any]], outcome: Outcome, attempts: int) -> dict[str, Any]:
        """What Lambda sends: where the records are, not what they hold."""
        return _letter(self._function, outcome, attempts, "RetryAttemptsExhausted") | {
            "DDBStreamBatchInfo": {
                "shardId": "shardId-local",
                "startSequenceNumber": _sequence_number(records[0]),
                "endSequenceNumber": _sequence_number(records[-1]),
                "batchSize": len(records),
                "streamArn": records[0].get("eventSourceARN", ""),
            },
        }


def tell(executor: Executor, function: Function, event: Any, dead_letter: DeadLetter) -> None:
    """Give a function an event that nobody waits for. Lambda tries three times, then leaves it whole where it says."""
    outcome = Outcome(None)
    for _ in range(_TRIES):
        outcome = executor.invoke(function, event)
        if not outcome.error:
            return
    _log.error("%s gave up on an event", function.logical)
    if function.on_failure:
        given = {"requestPayload": event, "responsePayload": outcome.error}
        dead_letter(function.on_failure, _letter(function, outcome, _TRIES, "RetriesExhausted") | given)


def _letter(function: Function, outcome: Outcome, attempts: int, condition: str) -> dict[str, Any]:
    return {
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": str(uuid4()),
            "functionArn": function.arn,
            "condition": condition,
            "approximateInvokeCount": attempts,
        },
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": (outcome.error or {}).get("errorType", "Unhandled"),
        },
    }


def _sequence_number(record: dict[str, Any]) -> str:
    return str((record.get("dynamodb") or {}).get("SequenceNumber", ""))


def to_queue(client_of: Callable[[str], Any]) -> DeadLetter:
    """A dead letter office that sends to SQS. `client_of` makes a client of a service."""

    def send(arn: str, message: dict[str, Any]) -> None:
        sqs = client_of("sqs")
        url = sqs.get_queue_url(QueueName=arn.rsplit(":", 1)[-1])["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(message))

    return send
