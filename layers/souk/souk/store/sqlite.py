"""The store on SQLite: the embedded default, and `:memory:` in tests."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from souk.store import codec, limits
from souk.store import cursor as cursors
from souk.store.port import Commit, Listed, LogBatch, OutboxItem, Page, Record
from souk.store.sqlite_commit import AppendJob, CommitJob
from souk.store.sqlite_file import SqliteFile

_ONE = "SELECT key, revision, body FROM records WHERE key = ?"
_MANY = "SELECT key, revision, body FROM records WHERE key IN (SELECT value FROM json_each(?))"


class SqliteStore:
    """The whole store port on one SQLite database. Safe to use from many threads and processes."""

    def __init__(self, path: str) -> None:
        self._file = SqliteFile(path)

    def close(self) -> None:
        """Close the database."""
        self._file.close()

    # -- records and lists --------------------------------------------------------------------------------------

    def get_many(self, keys: Iterable[str]) -> dict[str, Record]:
        """See the port."""
        wanted = list(dict.fromkeys(keys))
        if len(wanted) == 1:
            rows = self._file.rows(_ONE, (wanted[0],))
        else:
            rows = self._file.rows(_MANY, (json.dumps(wanted),)) if wanted else []
        return {key: codec.decode_record(key, revision, body) for key, revision, body in rows}

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
        limits.check_range(list_name, low, high)
        sql, values = _within("SELECT key, sort, view", list_name, low, high)
        if cursor is not None:
            sql += f" AND (sort, key) {'<' if reverse else '>'} (?, ?)"
            values += cursors.decode(list_name, cursor, low, high)
        order = "DESC" if reverse else "ASC"
        rows = self._file.rows(f"{sql} ORDER BY sort {order}, key {order} LIMIT ?", (*values, limit + 1))
        entries = [Listed(*row) for row in rows[:limit]]
        more = len(rows) > limit
        return Page(entries, cursors.encode(list_name, entries[-1].sort, entries[-1].key) if more else None)

    def count(self, list_name: str, *, low: str = "", high: str | None = None) -> int:
        """See the port."""
        limits.check_range(list_name, low, high)
        return int(self._file.rows(*_within("SELECT count(*)", list_name, low, high))[0][0])

    def commit(self, commit: Commit) -> None:
        """See the port."""
        limits.check(commit)
        self._file.write(CommitJob(commit))

    def collect_orphans(self, older_than_seconds: int = 3600) -> int:  # noqa: ARG002 - the port's signature
        """Nothing to do: a body is never stored apart from its record."""
        return 0

    # -- outbox and log -----------------------------------------------------------------------------------------

    def pending(self, limit: int) -> list[OutboxItem]:
        """See the port."""
        rows = self._file.rows("SELECT place, body FROM outbox ORDER BY place LIMIT ?", (limit,))
        return [OutboxItem(str(place), codec.decode_events(body)) for place, body in rows]

    def append(self, batch: LogBatch, sequenced: Sequence[str], later: Collection[str] | None = None) -> None:
        """See the port."""
        limits.check_sequenced(sequenced)
        self._file.write(AppendJob(batch, sequenced, later))

    def read_log(self, after: int, limit: int) -> list[LogBatch]:
        """See the port."""
        rows = self._file.rows("SELECT number, body FROM log WHERE number > ? ORDER BY number LIMIT ?", (after, limit))
        return [LogBatch(number, codec.decode_events(body)) for number, body in rows]

    def last_batch(self) -> LogBatch | None:
        """See the port."""
        rows = self._file.rows("SELECT number, body FROM log ORDER BY number DESC LIMIT 1")
        return LogBatch(rows[0][0], codec.decode_events(rows[0][1])) if rows else None

    def pending_notices(self, limit: int) -> list[OutboxItem]:
        """See the port."""
        rows = self._file.rows("SELECT place, body FROM notices ORDER BY place LIMIT ?", (limit,))
        return [OutboxItem(str(place), codec.decode_events(body), notice=True) for place, body in rows]

    def forget_notices(self, ids: Sequence[str]) -> None:
        """See the port."""
        places = [(int(i),) for i in ids if i.isdecimal()]
        if places:
            self._file.write(lambda db: _run_many(db, "DELETE FROM notices WHERE place = ?", places))


def _run_many(db: Any, sql: str, values: list[Any]) -> None:
    db.executemany(sql, values)


def _within(select: str, list_name: str, low: str, high: str | None) -> tuple[str, tuple[Any, ...]]:
    sql = f"{select} FROM entries WHERE list = ? AND sort >= ?"
    if high is None:
        return sql, (list_name, low)
    return f"{sql} AND sort < ?", (list_name, low, high)
