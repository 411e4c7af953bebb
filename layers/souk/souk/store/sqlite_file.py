"""Connections to one SQLite database: a reader per thread, and one writer that commits for a group.

Threads that want to write queue up. The first of them carries out all that wait, in one transaction and with one
fsync, answers each only after COMMIT, and hands the lead to whoever came first meanwhile. Each waits for its own
lock: on one that all share they would wake each other in turn only to find their work done. Other processes may read
and write the same file at the same time.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import Any
from weakref import WeakSet

from souk.errors import Busy, Failed, SoukError
from souk.store.sqlite_schema import prepare

BUSY_TIMEOUT = 10.0
"""Seconds to wait for another process's transaction."""
_GROUP = 256
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}

Job = Callable[[sqlite3.Connection], None]


class _Connection(sqlite3.Connection):
    """A connection that a WeakSet can hold. It is closed with the thread that it belongs to."""

    def __del__(self) -> None:
        with suppress(sqlite3.Error):
            self.close()


class _Ticket:
    __slots__ = ("done", "error", "job", "turn")

    def __init__(self, job: Job) -> None:
        self.job = job
        self.turn = threading.Lock()
        self.turn.acquire()
        self.done = False
        self.error: BaseException | None = None


class SqliteFile:
    """One database file, or `:memory:`: a database that the threads of this process share."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._shared = path == ":memory:"
        self._lock = threading.RLock()
        self._queue = threading.Lock()
        self._waiting: deque[_Ticket] = deque()
        self._led = False
        self._local = threading.local()
        self._opened: WeakSet[_Connection] = WeakSet()  # a thread's own is closed when the thread ends
        if not self._shared:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        with translated():
            self._writer = self._open()
            prepare(self._writer)
        # The threads share the only connection of a database in memory, so a reader waits for the writer.
        self._reading: AbstractContextManager[object] = self._lock if self._shared else nullcontext()

    def rows(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """All rows of a SELECT, which sees every transaction that was committed before."""
        with self._reading:
            try:
                return self._reader().execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise as_souk_error(error) from error

    def write(self, job: Job) -> None:
        """Run the job within a transaction and return after its COMMIT. What the job raises undoes it alone."""
        ticket = _Ticket(job)
        with self._queue:
            self._waiting.append(ticket)
            leads, self._led = not self._led, True
        if not leads:
            ticket.turn.acquire()  # until another has carried it out, or hands over the lead
        if not ticket.done:
            self._lead()
        if ticket.error is not None:
            raise ticket.error

    def _lead(self) -> None:
        try:
            with self._lock:
                self._commit_waiting()
        finally:
            with self._queue:
                following = self._waiting[0] if self._waiting else None
                self._led = following is not None
            if following is not None:
                following.turn.release()

    def close(self) -> None:
        """Close every connection. The object is of no use afterwards."""
        with self._lock:
            for connection in list(self._opened):
                with suppress(sqlite3.Error):
                    connection.close()

    def _commit_waiting(self) -> None:
        group = [self._waiting.popleft() for _ in range(min(len(self._waiting), _GROUP))]
        try:
            with translated():
                self._run(group)
        except BaseException as error:  # whatever it is, nobody may take it for a COMMIT
            for ticket in group:
                ticket.error = ticket.error or error
            if not isinstance(error, SoukError):
                raise
        finally:
            for ticket in group:
                ticket.done = True
                ticket.turn.release()

    def _run(self, group: list[_Ticket]) -> None:
        """Most groups succeed whole. Where one does not, it is done again with a savepoint for each."""
        try:
            self._transaction(group, self._run_one)
        except sqlite3.OperationalError:
            raise  # the disk, or another process: nothing is written
        except Exception:  # noqa: BLE001 - whose it is shows when each runs apart
            self._transaction(group, self._run_apart)

    def _transaction(self, group: list[_Ticket], each: Callable[[sqlite3.Connection, _Ticket], None]) -> None:
        db = self._writer
        db.execute("BEGIN IMMEDIATE")
        try:
            for ticket in group:
                each(db, ticket)
            db.execute("COMMIT")
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")

    def _run_one(self, db: sqlite3.Connection, ticket: _Ticket) -> None:
        ticket.job(db)

    def _run_apart(self, db: sqlite3.Connection, ticket: _Ticket) -> None:
        db.execute("SAVEPOINT one")
        try:
            ticket.job(db)
        except sqlite3.OperationalError:
            raise  # the disk, or another process: the whole transaction is lost
        except BaseException as error:  # noqa: BLE001 - it belongs to the thread that waits for this ticket
            db.execute("ROLLBACK TO one")
            ticket.error = error
        db.execute("RELEASE one")

    def _reader(self) -> sqlite3.Connection:
        if self._shared:
            return self._writer
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._open()
        return connection

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            timeout=BUSY_TIMEOUT,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
            factory=_Connection,
        )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA wal_autocheckpoint=4000")
        self._opened.add(connection)
        return connection


class translated:  # noqa: N801 - reads as a word: with translated()
    """Turns SQLite's errors into errors.Busy (locked for too long) and errors.Failed."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Raise what the error means to the core."""
        if isinstance(error, sqlite3.Error):
            raise as_souk_error(error) from error


def as_souk_error(error: sqlite3.Error) -> SoukError:
    """The core's error for one of SQLite's."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None and code & 0xFF in _LOCKED:
        return Busy("the database is in use by another process; send the request again")
    return Failed(f"the database does not answer: {error}")
