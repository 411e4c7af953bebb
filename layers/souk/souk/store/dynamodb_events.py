"""The outbox and the event log on DynamoDB."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from souk.store import codec, limits
from souk.store.calls import Cancelled, call, transact
from souk.store.clients import client
from souk.store.dynamodb_items import EVENT, LOG, NOTICE, Item, Tables, at
from souk.store.port import LogBatch, OutboxItem, PositionTaken


class DynamoEvents:
    """The store port's outbox and log."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def pending(self, limit: int) -> list[OutboxItem]:
        """See the port."""
        return [_outbox_item(item) for item in self._query(self._tables.outbox, EVENT, limit)]

    def append(self, batch: LogBatch, sequenced: Sequence[str]) -> None:
        """See the port."""
        limits.check_sequenced(sequenced)
        body = codec.encode_batch(batch.events)
        item = {"pk": {"S": LOG}, "sk": {"N": str(batch.number)}, "b": {"B": body}}
        new = {"TableName": self._tables.log, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
        actions: list[dict[str, Any]] = [{"Put": new}]
        for name in sequenced:
            waiting = {"TableName": self._tables.outbox, "Key": at(EVENT, name)}
            actions.append({"Delete": {**waiting, "ConditionExpression": "attribute_exists(pk)"}})
        token = sha256("\n".join([str(batch.number), *sequenced]).encode() + body).hexdigest()[:36]
        try:
            transact(client("dynamodb"), actions, token)
        except Cancelled as cancelled:
            raise PositionTaken([sequenced[index - 1] for index in cancelled.failed() if index]) from None

    def read_log(self, after: int, limit: int) -> list[LogBatch]:
        """See the port."""
        return [_batch(item) for item in self._query(self._tables.log, LOG, limit, after=after)]

    def last_batch(self) -> LogBatch | None:
        """See the port."""
        newest = self._query(self._tables.log, LOG, 1, reverse=True)
        return _batch(newest[0]) if newest else None

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


def _batch(item: Item) -> LogBatch:
    return LogBatch(int(item["sk"]["N"]), codec.decode_events(item["b"]["B"]))
