"""Restored tables and the objects of their instant, copied into the tables and the bucket of a new stack.

The order matters, since the functions of the new stack run meanwhile: records before their bodies, the log before the
outbox, so that the sequencer goes on where the old one stood, and last what the calendar brings. Until then nothing of
what was restored is due, changed or told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

_DUE = "l#due"
"""Partition of the entries that say when a record is due."""


class Place(NamedTuple):
    """The three tables and the bucket of a Souk."""

    entities: str
    outbox: str
    log: str
    bucket: str


class Restored(NamedTuple):
    """How many items and objects were copied."""

    items: int
    objects: int


class Refused(Exception):
    """The new stack has begun a history of its own."""


def restore(source: Place, target: Place, until: datetime, tell: Callable[[str], None] = lambda _: None) -> Restored:
    """Copy all items of the restored tables, and of the bucket what stood there at their instant (`until`, UTC).

    What was interrupted may be run again. Raises Refused, and botocore's errors.
    """
    import boto3

    tables: Any = boto3.resource("dynamodb")
    _same_history(tables, source, target)
    tell("records")
    items = _copy(tables, source.entities, target.entities, lambda item: item["pk"] != _DUE)
    tell("objects")
    objects = sum(_copy_object(source, target, one) for one in versions_at(source.bucket, until))
    tell("the event log")
    items += _copy(tables, source.log, target.log)
    tell("what waits for its place in it")
    items += _copy(tables, source.outbox, target.outbox)
    tell("what is due")
    items += _copy(tables, source.entities, target.entities, lambda item: item["pk"] == _DUE)
    return Restored(items, objects)


def versions_at(bucket: str, instant: datetime) -> Iterator[dict[str, Any]]:
    """The version of each object that stood at an instant, with `IsLatest`; none of what was deleted by then."""
    import boto3

    newest: dict[str, Any] = {}
    pages: Any = boto3.client("s3").get_paginator("list_object_versions").paginate(Bucket=bucket)
    for page in pages:
        for one in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            if one["LastModified"] <= instant:
                known = newest.get(one["Key"])
                newest[one["Key"]] = one if known is None else max(known, one, key=lambda each: each["LastModified"])
    yield from (one for _, one in sorted(newest.items()) if "Size" in one)


def _same_history(tables: Any, source: Place, target: Place) -> None:
    """Raises Refused where the target's log holds what the source's does not."""
    from boto3.dynamodb.conditions import Key

    newest = tables.Table(target.log).query(
        KeyConditionExpression=Key("pk").eq("log"), ScanIndexForward=False, Limit=1, ConsistentRead=True
    )["Items"]
    for item in newest:
        known = tables.Table(source.log).get_item(Key={"pk": "log", "sk": item["sk"]}).get("Item")
        if known != item:
            raise Refused("the new stack has events of its own already: restore into one that nobody has used")


def _copy(tables: Any, source: str, target: str, chosen: Callable[[Any], bool] = lambda _: True) -> int:
    count = 0
    with tables.Table(target).batch_writer() as batch:
        for page in tables.meta.client.get_paginator("scan").paginate(TableName=source, ConsistentRead=True):
            for item in filter(chosen, page["Items"]):
                batch.put_item(Item=item)
                count += 1
    return count


def _copy_object(source: Place, target: Place, version: dict[str, Any]) -> int:
    """Copies one version, unless it stands where it should already."""
    import boto3

    if source.bucket == target.bucket and version["IsLatest"]:
        return 0
    boto3.resource("s3").Bucket(target.bucket).copy(
        {"Bucket": source.bucket, "Key": version["Key"], "VersionId": version["VersionId"]}, version["Key"]
    )
    return 1
