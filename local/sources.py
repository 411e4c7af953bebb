"""Where stream records come from: the store's own outbox and log, or the emulated tables' streams."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from local.positions import Positions

Record = dict[str, Any]
_SAME_AGAIN_SECONDS = 0.2


class Source(Protocol):
    """Records in order. What `read` gave comes again until `taken` is told of it."""

    def read(self, limit: int) -> list[Record]:
        """The next records, none when nothing waits."""
        ...

    def taken(self, records: Sequence[Record]) -> None:
        """These were dealt with."""
        ...


class OutboxSource:
    """What lies in the outbox. The function that is fed removes it from there."""

    def __init__(self, waiting: Callable[[int], Sequence[Any]], as_records: Callable[[Sequence[Any]], list[Record]]):
        self._waiting, self._as_records = waiting, as_records
        self._given: tuple[list[str], float] = ([], 0.0)

    def read(self, limit: int) -> list[Record]:
        """The oldest items. The very same items again only after a while: their function left them there."""
        items = self._waiting(limit)
        ids = [item.id for item in items]
        before, when = self._given
        if ids == before and time.monotonic() - when < _SAME_AGAIN_SECONDS:
            return []
        self._given = (ids, time.monotonic())
        return self._as_records(items) if items else []

    def taken(self, records: Sequence[Record]) -> None:
        """Nothing to keep: the outbox itself says what is left."""


class LogSource:
    """The event log behind a position that is kept."""

    def __init__(
        self,
        read_log: Callable[[int, int], Sequence[Any]],
        as_records: Callable[[Sequence[Any]], list[Record]],
        positions: Positions,
        reader: str,
    ) -> None:
        self._read_log, self._as_records, self._positions, self._reader = read_log, as_records, positions, reader

    def read(self, limit: int) -> list[Record]:
        """The batches after the position."""
        batches = self._read_log(self._positions.get(self._reader), limit)
        return self._as_records(batches) if batches else []

    def taken(self, records: Sequence[Record]) -> None:
        """Move the position behind these."""
        self._positions.set(self._reader, max(map(log_number, records)))


def log_number(record: Record) -> int:
    """The log number in a record's key."""
    return int(record["dynamodb"]["Keys"]["sk"]["N"])


class StreamSource:
    """A table's stream, read through the DynamoDB Streams API from its oldest record on."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table
        self._arn = ""
        self._shard = ""
        self._finished: set[str] = set()
        self._iterator: str | None = None
        self._next: str | None = None

    def read(self, limit: int) -> list[Record]:
        """Up to `limit` records after those that were taken."""
        iterator = self._iterator or self._open()
        if iterator is None:
            return []
        try:
            answer = self._client.get_records(ShardIterator=iterator, Limit=limit)
        except (self._client.exceptions.ExpiredIteratorException, self._client.exceptions.TrimmedDataAccessException):
            self._iterator = None
            return []
        self._next = answer.get("NextShardIterator")
        records = [lambda_record(record, self._arn) for record in answer["Records"]]
        if not records:
            self.taken(records)
        return records

    def taken(self, _records: Sequence[Record]) -> None:
        """Go on behind what was read last; a shard without a further iterator is finished."""
        self._iterator = self._next
        if self._next is None:
            self._finished.add(self._shard)

    def _open(self) -> str | None:
        """An iterator at the start of the oldest shard that is not finished, or None when there is none."""
        streams = self._client.list_streams(TableName=self._table)["Streams"]
        if not streams:
            return None
        self._arn = streams[0]["StreamArn"]
        described = self._client.describe_stream(StreamArn=self._arn)["StreamDescription"]
        waiting = [shard["ShardId"] for shard in described["Shards"] if shard["ShardId"] not in self._finished]
        if not waiting:
            return None
        self._shard = waiting[0]
        self._iterator = self._client.get_shard_iterator(
            StreamArn=self._arn, ShardId=self._shard, ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        return self._iterator


class NewInLog:
    """A log's stream without what the position says was dealt with already."""

    def __init__(self, stream: Source, positions: Positions, reader: str) -> None:
        self._stream, self._positions, self._reader = stream, positions, reader

    def read(self, limit: int) -> list[Record]:
        """The next records behind the position."""
        position = self._positions.get(self._reader)
        records = self._stream.read(limit)
        fresh = [record for record in records if log_number(record) > position]
        if records and not fresh:
            self._stream.taken(records)
        return fresh

    def taken(self, records: Sequence[Record]) -> None:
        """Move the position and the stream on."""
        self._positions.set(self._reader, max(map(log_number, records)))
        self._stream.taken(records)


class Chain:
    """First what was left from earlier, until nothing of it is left, then what is new."""

    def __init__(self, left: Source, new: Source) -> None:
        self._left: Source | None = left
        self._new = new

    def read(self, limit: int) -> list[Record]:
        """Records of whichever source it is the turn of."""
        if self._left is not None:
            records = self._left.read(limit)
            if records:
                return records
            self._left = None
        return self._new.read(limit)

    def taken(self, records: Sequence[Record]) -> None:
        """Told to the source that gave them."""
        (self._left or self._new).taken(records)


def lambda_record(record: dict[str, Any], arn: str) -> Record:
    """A record of the streams API in the form that a function gets: bytes as base64, instants as numbers."""
    body = record["dynamodb"]
    made = body.get("ApproximateCreationDateTime")
    plain = {name: _plain(value) for name, value in body.items() if name != "ApproximateCreationDateTime"}
    return {
        "eventID": record["eventID"],
        "eventName": record["eventName"],
        "eventVersion": record.get("eventVersion", "1.1"),
        "eventSource": "aws:dynamodb",
        "awsRegion": record.get("awsRegion", ""),
        "dynamodb": plain | ({"ApproximateCreationDateTime": made.timestamp()} if made else {}),
        "eventSourceARN": arn,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item) for item in value]
    return base64.b64encode(value).decode() if isinstance(value, (bytes, bytearray)) else value
