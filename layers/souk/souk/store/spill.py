"""Bodies too large for an item: kept in the bucket under immutable keys, collected when no record points at them.

A body goes to `bodies/<record key>/<revision>-<commit id>-<hash of the content>` before the transaction that points
at it. So that no upload is lost from sight, a marker (time, record key) is written first, for every commit that
spills a body or supersedes one; the collector looks only at marked records, some time later, and deletes what
the record does not point at by then.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from botocore.exceptions import ClientError

from souk import clock
from souk.store.calls import call
from souk.store.clients import client
from souk.store.dynamodb_items import LARGE, Tables, at, record_at

SPILL_FROM = 32 * 1024
"""Compressed bytes above which a body leaves the item."""

_GONE = {"NoSuchKey", "AccessDenied"}
"""S3 says AccessDenied of an absent object to whoever may not list the bucket."""


class Bodies:
    """The spilled bodies of one deployment."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def mark(self, key: str, stamp: str) -> None:
        """Remember that bodies of this record come or go at this instant."""
        call(client("dynamodb").put_item, TableName=self._tables.entities, Item=at(LARGE, f"{stamp}#{key}"))

    def write(self, key: str, revision: int, commit_id: str, data: bytes) -> str:
        """Upload the body and return its pointer. The same commit uploads the same body to the same place."""
        pointer = f"bodies/{key}/{revision}-{commit_id}-{sha256(data).hexdigest()[:16]}"
        call(client("s3").put_object, Bucket=self._tables.bucket, Key=pointer, Body=data)
        return pointer

    def read(self, pointer: str) -> bytes | None:
        """The body, or None when it is gone: its record has moved on long ago."""
        body: bytes | None = call(self._download, pointer=pointer)
        return body

    def _download(self, pointer: str) -> bytes | None:
        try:
            answer = client("s3").get_object(Bucket=self._tables.bucket, Key=pointer)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _GONE:
                return None
            raise
        body: bytes = answer["Body"].read()
        return body

    def collect(self, older_than_seconds: int) -> int:
        """Delete the bodies that no record points at and that are older than this. Returns how many."""
        before = clock.now() - timedelta(seconds=older_than_seconds)
        markers: dict[str, list[str]] = {}
        for sk in self._markers(clock.text(before)):
            markers.setdefault(sk.rpartition("#")[2], []).append(sk)
        return sum(self._collect_of(key, sks, before) for key, sks in markers.items())

    def _markers(self, before: str) -> list[str]:
        arguments: dict[str, Any] = {
            "TableName": self._tables.entities,
            "KeyConditionExpression": "pk = :p AND sk < :s",
            "ExpressionAttributeValues": {":p": {"S": LARGE}, ":s": {"S": before}},
            "ConsistentRead": True,
        }
        found: list[str] = []
        while True:
            answer = call(client("dynamodb").query, **arguments)
            found += [item["sk"]["S"] for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                return found
            arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _collect_of(self, key: str, markers: list[str], before: datetime) -> int:
        item = self._record(key)
        pointer = item.get("p", {}).get("S")
        others = {name: made for name, made in self._objects(key).items() if name != pointer}
        old = [name for name, made in others.items() if made <= before]
        for name in old:
            call(client("s3").delete_object, Bucket=self._tables.bucket, Key=name)
        # A body that is too young, or whose record the database will forget by itself, is looked at again later.
        if len(old) == len(others) and not (pointer and "x" in item):
            for sk in markers:
                call(client("dynamodb").delete_item, TableName=self._tables.entities, Key=at(LARGE, sk))
        return len(old)

    def _record(self, key: str) -> dict[str, Any]:
        answer = call(
            client("dynamodb").get_item,
            TableName=self._tables.entities,
            Key=record_at(key),
            ProjectionExpression="p, x",
            ConsistentRead=True,
        )
        item: dict[str, Any] = answer.get("Item", {})
        return item

    def _objects(self, key: str) -> dict[str, datetime]:
        arguments: dict[str, Any] = {"Bucket": self._tables.bucket, "Prefix": f"bodies/{key}/"}
        found: dict[str, datetime] = {}
        while True:
            answer = call(client("s3").list_objects_v2, **arguments)
            found.update({o["Key"]: o["LastModified"] for o in answer.get("Contents", [])})
            if not answer.get("IsTruncated"):
                return found
            arguments["ContinuationToken"] = answer["NextContinuationToken"]
