"""One commit as one DynamoDB transaction."""

from __future__ import annotations

import threading
from datetime import timedelta
from hashlib import sha256
from typing import Any

from souk import clock
from souk.errors import TooLarge
from souk.store import codec, limits
from souk.store.calls import Cancelled, transact
from souk.store.clients import client
from souk.store.dynamodb_items import EVENT, NOTICE, Item, Tables, at, counter_at, place_at, record_at
from souk.store.plan import Plan, plan
from souk.store.port import MAX_CHANGES, Commit, Record, Stale, StillReferenced
from souk.store.spill import SPILL_FROM, Bodies

NOTICE_LIFE = 7 * 24 * 3600
"""Seconds after which the database forgets a notice that nobody relayed."""
_SUSPECT = SPILL_FROM - 1024
"""Bytes of a record as JSON below which it cannot have been spilled."""
_NEW = "attribute_not_exists(pk)"
_ABSENT_OR_ZERO = "attribute_not_exists(n) OR n = :zero"

_stamp_lock = threading.Lock()
_last_stamp = ""


def stamp() -> str:
    """The present instant as text; strictly later than every one given out before in this process."""
    global _last_stamp  # noqa: PLW0603
    with _stamp_lock:
        now = clock.text(clock.now())
        if now <= _last_stamp:
            now = clock.text(clock.parse(_last_stamp) + timedelta(microseconds=1))
        _last_stamp = now
    return now


class Transaction:
    """The items of one commit, and what each of them means when DynamoDB refuses it."""

    def __init__(self, commit: Commit, tables: Tables, bodies: Bodies) -> None:
        commit.began = commit.began or stamp()
        self._commit, self._tables, self._bodies = commit, tables, bodies
        self._items: list[dict[str, Any]] = []
        self._counters: dict[int, str] = {}
        self._encoded = [codec.encode_record(put.record) for put in commit.puts]
        self._plan = plan(commit)
        self._add_outbox()

    def run(self) -> None:
        """Upload what is large, then write everything. Raises Stale, StillReferenced, Busy, Failed, TooLarge."""
        self._add_records(self._plan)
        self._add_counters(self._plan)
        self._add_places(self._plan)
        if len(self._items) > MAX_CHANGES:
            raise TooLarge(f"one request may change {MAX_CHANGES} items at most; this one changes {len(self._items)}")
        if not self._items:
            return
        token = sha256(self._commit.id.encode()).hexdigest()[:36]
        try:
            transact(client("dynamodb"), self._items, token)
        except Cancelled as cancelled:
            raise self._meaning(cancelled) from None

    def _meaning(self, cancelled: Cancelled) -> Exception:
        keys = [self._counters.get(index) for index in cancelled.failed()]
        return next((StillReferenced(key) for key in keys if key and None not in keys), Stale())

    def _add(self, action: str, table: str, **what: Any) -> None:
        self._items.append({action: {"TableName": table, **what}})

    def _add_outbox(self) -> None:
        place = f"{self._commit.began}-{self._commit.id}"
        if self._commit.events:
            body = codec.encode_events(self._commit.events)
            self._add("Put", self._tables.outbox, Item={**at(EVENT, place), "b": {"B": body}})
        if self._commit.notices:
            body = codec.encode_events(self._commit.notices)
            forget = int(clock.parse(self._commit.began).timestamp()) + NOTICE_LIFE
            item = {**at(NOTICE, place), "b": {"B": body}, "x": {"N": str(forget)}}
            self._add("Put", self._tables.outbox, Item=item)

    def _add_records(self, changes: Plan) -> None:
        table = self._tables.entities
        for (record, previous), put, data in zip(changes.records, self._commit.puts, self._encoded, strict=True):
            if len(data) > SPILL_FROM or (put.previous and _may_be_spilled(put.previous)):
                self._bodies.mark(record.key, self._commit.began)
            self._add("Put", table, Item=self._record_item(record, data), **_standing(previous))
        for key, revision in changes.checks.items():
            self._add("ConditionCheck", table, Key=record_at(key), **_standing(revision))

    def _record_item(self, record: Record, data: bytes) -> Item:
        item = {**record_at(record.key), "v": {"N": str(record.revision)}}
        if len(data) > SPILL_FROM:
            item["p"] = {"S": self._bodies.write(record.key, record.revision, self._commit.id, data)}
        else:
            item["b"] = {"B": data}
        if record.expires is not None:
            item["x"] = {"N": str(record.expires)}
        return item

    def _add_counters(self, changes: Plan) -> None:
        for key in sorted(changes.counters.keys() | changes.free):
            change = changes.counters.get(key, 0)
            if key in changes.free:
                self._counters[len(self._items)] = key
            self._items.append(self._counter(key, change, must_be_free=key in changes.free))

    def _counter(self, key: str, change: int, *, must_be_free: bool) -> dict[str, Any]:
        what: dict[str, Any] = {"TableName": self._tables.entities, "Key": counter_at(key)}
        if not change:
            values = {":zero": {"N": "0"}}
            return {
                "ConditionCheck": {**what, "ConditionExpression": _ABSENT_OR_ZERO, "ExpressionAttributeValues": values}
            }
        what["UpdateExpression"] = "ADD n :d"
        what["ExpressionAttributeValues"] = {":d": {"N": str(change)}}
        if must_be_free:
            what["ConditionExpression"] = "n = :left"
            what["ExpressionAttributeValues"][":left"] = {"N": str(-change)}
        return {"Update": what}

    def _add_places(self, changes: Plan) -> None:
        for place in changes.removed:
            self._add("Delete", self._tables.entities, Key=place_at(*place))
        for place, (view, expires) in changes.placed.items():
            item = {**place_at(*place), "w": {"S": view}}
            if expires is not None:
                item["x"] = {"N": str(expires)}
            self._add("Put", self._tables.entities, Item=item)


def _standing(revision: int) -> dict[str, Any]:
    if not revision:
        return {"ConditionExpression": _NEW}
    return {"ConditionExpression": "v = :v", "ExpressionAttributeValues": {":v": {"N": str(revision)}}}


def _may_be_spilled(record: Record) -> bool:
    return not record.deleted and codec.json_size(record) >= _SUSPECT


def commit_as_transaction(commit: Commit, tables: Tables, bodies: Bodies) -> None:
    """Write all of the commit or nothing. Raises what the port's `commit` raises."""
    limits.check(commit)
    Transaction(commit, tables, bodies).run()
