"""Records and lists on DynamoDB: consistent reads, pages that never stop at a storage page, never a Scan."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

from souk.errors import Busy, Failed
from souk.store import codec, limits
from souk.store import cursor as cursors
from souk.store.calls import call, pause
from souk.store.clients import client
from souk.store.dynamodb_commit import commit_as_transaction
from souk.store.dynamodb_items import Item, Tables, listed, place_at, record_at
from souk.store.port import Commit, Listed, Page, Record
from souk.store.spill import Bodies

_BATCH = 100
_ATTEMPTS = 10


class DynamoRecords:
    """The store port's records and lists."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._bodies = Bodies(tables)

    def get_many(self, keys: Iterable[str]) -> dict[str, Record]:
        """See the port."""
        wanted = list(dict.fromkeys(keys))
        items = self._items(wanted)
        spilled = [key for key, item in items.items() if "p" in item]
        bodies = dict(zip(spilled, self._each(self._follow, [items[key] for key in spilled]), strict=True))
        found = {key: bodies[key] if key in bodies else _record(item) for key, item in items.items()}
        return {key: record for key, record in found.items() if record}

    def page(
        self,
        list_name: str,
        *,
        limit: int,
        cursor: str | None = None,
        low: str = "",
        high: str | None = None,
        reverse: bool = False,
    ) -> Page:
        """See the port."""
        limits.check_page(limit)
        query = self._within(list_name, low, high)
        if cursor is not None:
            query["ExclusiveStartKey"] = place_at(list_name, *cursors.decode(list_name, cursor, low, high))
        query["ScanIndexForward"] = not reverse
        entries: list[Listed] = []
        while len(entries) <= limit and not _empty(low, high):
            answer = call(client("dynamodb").query, **query, Limit=limit + 1 - len(entries))
            entries += [listed(item) for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                break
            query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        shown = entries[:limit]
        more = len(entries) > limit
        return Page(shown, cursors.encode(list_name, shown[-1].sort, shown[-1].key) if more else None)

    def count(self, list_name: str, *, low: str = "", high: str | None = None) -> int:
        """See the port."""
        query = self._within(list_name, low, high)
        total = 0
        while not _empty(low, high):
            answer = call(client("dynamodb").query, **query, Select="COUNT")
            total += answer["Count"]
            if "LastEvaluatedKey" not in answer:
                break
            query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        return total

    def commit(self, commit: Commit) -> None:
        """See the port."""
        commit_as_transaction(commit, self._tables, self._bodies)

    def collect_orphans(self, older_than_seconds: int = 3600) -> int:
        """Delete spilled bodies that no record points at and that are older than this. Returns how many."""
        return self._bodies.collect(older_than_seconds)

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(8, thread_name_prefix="souk-read")

    def _each(self, function: Any, values: list[Any]) -> list[Any]:
        if len(values) < 2:
            return [function(value) for value in values]
        return list(self._pool.map(function, values))

    def _items(self, keys: list[str]) -> dict[str, Item]:
        if len(keys) == 1:
            answer = call(
                client("dynamodb").get_item,
                TableName=self._tables.entities,
                Key=record_at(keys[0]),
                ConsistentRead=True,
            )
            return {keys[0]: answer["Item"]} if "Item" in answer else {}
        chunks = [keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH)]
        found = [item for chunk in self._each(self._batch, chunks) for item in chunk]
        return {item["pk"]["S"][2:]: item for item in found}

    def _batch(self, keys: list[str]) -> list[Item]:
        table = self._tables.entities
        wanted: dict[str, Any] = {table: {"Keys": [record_at(key) for key in keys], "ConsistentRead": True}}
        found: list[Item] = []
        for attempt in range(_ATTEMPTS):
            answer = call(client("dynamodb").batch_get_item, RequestItems=wanted)
            found += answer["Responses"].get(table, [])
            wanted = answer.get("UnprocessedKeys", {})
            if not wanted:
                return found
            # Large answers end at 16 MB and go on at once; a throttled one must wait.
            if not answer["Responses"].get(table):
                pause(attempt)
        raise Busy("the database is busy; send the request again")

    def _follow(self, item: Item | None) -> Record | None:
        key = item["pk"]["S"][2:] if item else ""
        for _ in range(2):
            if item is None or "p" not in item:
                return _record(item) if item else None
            body = self._bodies.read(item["p"]["S"])
            if body is not None:
                return codec.decode_record(key, int(item["v"]["N"]), body)
            # The record has moved on since it was read, and its former body is collected.
            item = self._items([key]).get(key)
        raise Failed(f"the body of record {key} is not in the bucket")

    def _within(self, list_name: str, low: str, high: str | None) -> dict[str, Any]:
        limits.check_range(list_name, low, high)
        values = {":p": {"S": f"l#{list_name}"}}
        condition = "pk = :p"
        if low and high is not None:
            condition += " AND sk BETWEEN :low AND :high"  # no sort key equals :high, since each holds a NUL
        elif low:
            condition += " AND sk >= :low"
        elif high is not None:
            condition += " AND sk < :high"
        if low:
            values[":low"] = {"S": low}
        if high is not None:
            values[":high"] = {"S": high}
        return {
            "TableName": self._tables.entities,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
            "ConsistentRead": True,
        }


def _empty(low: str, high: str | None) -> bool:
    return high is not None and high.encode() <= low.encode()


def _record(item: Item) -> Record:
    return codec.decode_record(item["pk"]["S"][2:], int(item["v"]["N"]), item["b"]["B"])
