from __future__ import annotations

import gc
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from souk.errors import Busy, Failed
from souk.store import sqlite_commit, sqlite_file
from souk.store.port import LogBatch, PositionTaken, Put, StillReferenced
from souk.store.sqlite import SqliteStore
from tests.store.making import changed, commit, create, deleted, event, listed, read, record
from tests.threads import in_threads

WRITER = """
import sys
from souk.store.sqlite import SqliteStore
from tests.store.making import create, event, record
store = SqliteStore(sys.argv[1])
for number in range(100000):
    name = f"{sys.argv[2]}-{number}"
    create(store, record(name), events=[event(name)])
    print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "deep" / "souk.db")


def start_writer(path: str, name: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, path, name], stdout=subprocess.PIPE, text=True, env=environment
    )


def test_a_database_is_there_after_it_was_closed(path: str) -> None:
    store = SqliteStore(path)
    create(store, record("a"), events=[event("a")])
    store.close()
    again = SqliteStore(path)
    assert read(again, "a") == record("a")
    assert len(again.pending(5)) == 1
    again.close()


def test_what_was_acknowledged_survives_kill_9(path: str) -> None:
    process = start_writer(path, "w")
    assert process.stdout
    said = [int(process.stdout.readline()) for _ in range(40)]
    process.send_signal(signal.SIGKILL)
    said += [int(line) for line in process.communicate()[0].splitlines() if line.strip().isdigit()]
    store = SqliteStore(path)
    items = store.pending(100_000)
    assert len(items) in {len(said), len(said) + 1}  # the last one may have been killed before it was told
    assert [item.events[0]["subject"] for item in items] == [f"w-{n}" for n in range(len(items))]
    assert all(read(store, f"w-{number}") for number in said)
    store.close()


def test_two_processes_write_and_read_the_same_file(path: str) -> None:
    store = SqliteStore(path)
    process = start_writer(path, "other")
    assert process.stdout
    for number in range(60):
        create(store, record(f"mine-{number}"), events=[event(f"mine-{number}")])
        told = int(process.stdout.readline())
        assert read(store, f"other-{told}") is not None
    process.kill()
    process.communicate()
    mine = [s for i in store.pending(10_000) if (s := i.events[0]["subject"]).startswith("mine")]
    assert mine == [f"mine-{n}" for n in range(60)]
    store.close()


def test_a_lock_that_does_not_end_is_busy(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_TIMEOUT", 0.05)
    store = SqliteStore(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy):
        create(store, record("a"))
    assert read(store, "a") is None
    other.execute("COMMIT")
    create(store, record("a"))
    assert read(store, "a") == record("a")
    other.close()
    store.close()


def first_waits_for_the_others(store: SqliteStore, number: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The first transaction begins when all commits but its own wait; how many commits each transaction had."""
    sizes: list[int] = []
    run = store._file._run

    def waiting(group: list[Any]) -> None:
        sizes.append(len(group))
        deadline = time.monotonic() + 10
        while len(sizes) == 1 and len(store._file._waiting) < number - len(group) and time.monotonic() < deadline:
            threading.Event().wait(0.001)
        run(group)

    monkeypatch.setattr(store._file, "_run", waiting)
    return sizes


def test_waiting_commits_share_a_transaction(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SqliteStore(path)
    transactions = first_waits_for_the_others(store, 24, monkeypatch)
    results = in_threads([lambda n=n: create(store, record(f"r{n}")) for n in range(24)])  # type: ignore[misc]
    assert results == [None] * 24
    assert transactions[0] < 24
    assert transactions[1] == 24 - transactions[0]
    store.close()


def test_nobody_is_told_of_a_commit_that_failed(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SqliteStore(path)

    run = store._file._run_one

    def fail(db: sqlite3.Connection, ticket: Any) -> None:
        run(db, ticket)
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(store._file, "_run_one", fail)
        results = in_threads([lambda n=n: create(store, record(f"r{n}")) for n in range(8)])  # type: ignore[misc]
    assert {type(r) for r in results} == {Failed}
    assert store.get_many(record(f"r{n}").key for n in range(8)) == {}
    create(store, record("r0"))
    store.close()


def test_a_reader_is_not_kept_waiting_by_a_writer(path: str) -> None:
    store = SqliteStore(path)
    create(store, record("a"))
    inside, seen = threading.Event(), threading.Event()

    def slowly(_: sqlite3.Connection) -> None:
        inside.set()
        seen.wait(10)

    thread = threading.Thread(target=store._file.write, args=(slowly,))
    thread.start()
    assert inside.wait(10)
    assert read(store, "a") == record("a")
    seen.set()
    thread.join()
    store.close()


def test_old_commit_ids_and_expired_records_are_forgotten(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_commit, "_REMEMBERED", 10)
    monkeypatch.setattr(sqlite_commit, "_PRUNE_EVERY", 20)
    store = SqliteStore(path)
    now = int(time.time())
    create(store, listed("old", "l", "1"), record("keyless", expires=now - 7200))
    old = record("expired", expires=now - 7200, entries=listed("expired", "l", "2").entries)
    create(store, old, record("fresh", expires=now + 60), record("just", expires=now - 60))
    for number in range(40):
        create(store, record(f"r{number}"))
    assert read(store, "expired") is None
    assert read(store, "keyless") is None
    assert read(store, "fresh") is not None
    assert read(store, "just") is not None
    assert store.count("l") == 1
    assert store._file.rows("SELECT count(*) FROM commits")[0][0] <= 30
    store.close()


def test_counters_that_are_zero_take_no_room(path: str) -> None:
    store = SqliteStore(path)
    target, link = record("target"), record("link", references=(record("target").key,))
    create(store, target, link)
    with pytest.raises(StillReferenced):
        store.commit(commit(Put(deleted(target), target), unreferenced=[target.key]))
    store.commit(commit(Put(changed(link, references=()), link)))
    assert store._file.rows("SELECT * FROM counters") == []
    store.close()


def test_a_database_of_a_later_souk_is_refused(path: str) -> None:
    SqliteStore(path).close()
    with sqlite3.connect(path) as later:
        later.execute("PRAGMA user_version=99")
    later.close()
    with pytest.raises(Failed, match="99"):
        SqliteStore(path)


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database, just some text that is long enough to be read as a header" * 20)
    with pytest.raises(Failed):
        SqliteStore(str(tmp_path / "text"))


def test_commits_are_on_disk_before_they_are_acknowledged(path: str) -> None:
    store = SqliteStore(path)
    assert store._file.rows("PRAGMA synchronous") == [(2,)]
    assert store._file.rows("PRAGMA journal_mode") == [("wal",)]
    store.close()


def test_threads_that_ended_leave_no_connection_open(path: str) -> None:
    store = SqliteStore(path)
    create(store, record("a"))
    for _ in range(5):
        assert in_threads([lambda: read(store, "a")] * 8) == [record("a")] * 8
    gc.collect()
    assert len(store._file._opened) <= 2
    store.close()


def test_one_that_fails_undoes_itself_alone(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SqliteStore(path)
    create(store, record("taken"))
    groups = first_waits_for_the_others(store, 9, monkeypatch)
    names = ["first", *(f"r{n}" for n in range(7)), "taken"]
    results = in_threads([lambda n=n: create(store, record(n)) for n in names])  # type: ignore[misc]
    assert [type(result).__name__ for result in results] == ["NoneType"] * 8 + ["Stale"]
    assert sum(groups) == 9
    assert all(read(store, name) for name in names)
    store.close()


def test_outbox_ids_that_it_did_not_give_out_are_gone(path: str) -> None:
    """As the recorded events of a stream hold them."""
    store = SqliteStore(path)
    strange = "2026-02-02T08:07:00.000000Z-5d1e0c2a"
    with pytest.raises(PositionTaken) as taken:
        store.append(LogBatch(1, [event("a")]), [strange], later=["2026-02-02T08:08:00.000000Z-7c31"])
    assert taken.value.gone == {strange}
    assert store.last_batch() is None
