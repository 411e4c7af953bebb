"""The outbox and the event log on DynamoDB."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from souk.errors import Busy
from souk.store import codec, limits
from souk.store.calls import call, call_if, pause
from souk.store.clients import client
from souk.store.dynamodb_items import EVENT, LOG, NOTICE, Item, Tables, at
from souk.store.port import LogBatch, OutboxItem, PositionTaken

_AT_ONCE = 25
"""Items that one BatchWriteItem takes."""
_ATTEMPTS = 10


class DynamoEvents:
    """The store port's outbox and log."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._newest: tuple[int, frozenset[str]] = (0, frozenset())

    def pending(self, limit: int) -> list[OutboxItem]:
        """See the port."""
        return [_outbox_item(item) for item in self._query(self._tables.outbox, EVENT, limit)]

    def append(self, batch: LogBatch, sequenced: Sequence[str], later: Collection[str] | None = None) -> None:
        """See the port. Three plain writes instead of a transaction, which would cost twice as much (decision 0017).

        A log item names the outbox items that it took, and is put only once those that the item before it took are
        gone from the outbox. What still waits is therefore in no log item but, after a crash, the last one.
        """
        limits.check_sequenced(sequenced)
        before = self._taken_by(batch.number - 1)
        waiting = self._waiting({*sequenced, *before})
        self._remove(sorted(waiting & before))
        gone = [name for name in sequenced if name not in waiting or name in before]
        overlooked = later is not None and bool(waiting - before - {*sequenced, *later})
        if gone or overlooked:
            raise PositionTaken(gone, overlooked=overlooked)
        item = {"pk": {"S": LOG}, "sk": {"N": str(batch.number)}, "b": {"B": codec.encode_batch(batch.events)}}
        item |= {"o": {"S": "\n".join(sequenced)}} if sequenced else {}
        new = {"TableName": self._tables.log, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
        if not call_if(client("dynamodb").put_item, **new):
            raise PositionTaken
        self._newest = (batch.number, frozenset(sequenced))
        self._remove(sequenced)

    def _taken_by(self, number: int) -> frozenset[str]:
        """Names of the outbox items that this log item took. Raises PositionTaken when there is no such item."""
        known, names = self._newest
        if known == number or not number:
            return names if number else frozenset()
        key = {"pk": {"S": LOG}, "sk": {"N": str(number)}}
        answer = call(client("dynamodb").get_item, TableName=self._tables.log, Key=key, ConsistentRead=True)
        if "Item" not in answer:
            raise PositionTaken
        return _taken(answer["Item"])

    def _waiting(self, names: set[str]) -> set[str]:
        """What waits in the outbox up to the last of these names: little else is there than what is asked for."""
        if not names:
            return set()
        query: dict[str, Any] = {
            "TableName": self._tables.outbox,
            "KeyConditionExpression": "pk = :p AND sk <= :high",
            "ExpressionAttributeValues": {":p": {"S": EVENT}, ":high": {"S": max(names, key=str.encode)}},
            "ProjectionExpression": "sk",
            "ConsistentRead": True,
        }
        found: set[str] = set()
        while True:
            answer = call(client("dynamodb").query, **query)
            found.update(item["sk"]["S"] for item in answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return found
            query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _remove(self, names: Sequence[str]) -> None:
        """Delete outbox items that have their place. Those that are gone already are ignored."""
        table = self._tables.outbox
        if len(names) == 1:
            call(client("dynamodb").delete_item, TableName=table, Key=at(EVENT, names[0]))
            return
        for start in range(0, len(names), _AT_ONCE):
            some = [{"DeleteRequest": {"Key": at(EVENT, name)}} for name in names[start : start + _AT_ONCE]]
            wanted: dict[str, Any] = {table: some}
            for attempt in range(_ATTEMPTS):
                answer = call(client("dynamodb").batch_write_item, RequestItems=wanted)
                wanted = answer.get("UnprocessedItems", {})
                if not wanted:
                    break
                pause(attempt)
            else:
                raise Busy("the database is busy; send the request again")

    def read_log(self, after: int, limit: int) -> list[LogBatch]:
        """See the port."""
        return [_batch(item) for item in self._query(self._tables.log, LOG, limit, after=after)]

    def last_batch(self) -> LogBatch | None:
        """See the port."""
        newest = self._query(self._tables.log, LOG, 1, reverse=True)
        if not newest:
            return None
        batch = _batch(newest[0])
        self._newest = (batch.number, _taken(newest[0]))  # a log item never changes, so it is good to know for ever
        return batch

    def pending_notices(self, limit: int) -> list[OutboxItem]:
        """See the port."""
        return [_outbox_item(item) for item in self._query(self._tables.outbox, NOTICE, limit)]

    def forget_notices(self, ids: Sequence[str]) -> None:
        """See the port."""
        for name in ids:
            if name:
                call(client("dynamodb").delete_item, TableName=self._tables.outbox, Key=at(NOTICE, name))

    def _query(
        self, table: str, partition: str, limit: int, *, after: int | None = None, reverse: bool = False
    ) -> list[Item]:
        query: dict[str, Any] = {
            "TableName": table,
            "KeyConditionExpression": "pk = :p",
            "ExpressionAttributeValues": {":p": {"S": partition}},
            "ConsistentRead": True,
            "ScanIndexForward": not reverse,
        }
        if after is not None:
            query["KeyConditionExpression"] += " AND sk > :after"
            query["ExpressionAttributeValues"][":after"] = {"N": str(after)}
        items: list[Item] = []
        while len(items) < limit:
            answer = call(client("dynamodb").query, **query, Limit=limit - len(items))
            items += answer["Items"]
            if "LastEvaluatedKey" not in answer:
                break
            query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        return items


def _outbox_item(item: Item) -> OutboxItem:
    return OutboxItem(item["sk"]["S"], codec.decode_events(item["b"]["B"]), item["pk"]["S"] == NOTICE)


def _taken(item: Item) -> frozenset[str]:
    return frozenset(item["o"]["S"].split("\n")) if "o" in item else frozenset()


def _batch(item: Item) -> LogBatch:
    return LogBatch(int(item["sk"]["N"]), codec.decode_events(item["b"]["B"]))
