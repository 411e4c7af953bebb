"""The store on DynamoDB, with large bodies in S3."""

from __future__ import annotations

import os

from souk.store.dynamodb_events import DynamoEvents
from souk.store.dynamodb_items import Tables
from souk.store.dynamodb_records import DynamoRecords


class DynamoStore(DynamoRecords, DynamoEvents):
    """The whole store port on three tables and a bucket. Safe to use from many threads."""

    def __init__(self, tables: Tables) -> None:
        DynamoRecords.__init__(self, tables)
        DynamoEvents.__init__(self, tables)

    @classmethod
    def from_environment(cls) -> DynamoStore:
        """The store that the environment names. Raises KeyError when a name is missing."""
        env = os.environ
        entities, outbox, log = env["SOUK_ENTITIES_TABLE"], env["SOUK_OUTBOX_TABLE"], env["SOUK_LOG_TABLE"]
        return cls(Tables(entities, outbox, log, env.get("SOUK_BUCKET", "")))
