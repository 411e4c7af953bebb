"""What the embedded store does when its disk is full, when it may not write, and when the file was spoilt."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from souk.errors import Failed
from souk.store.sqlite import SqliteStore
from tests.store.making import commit, create, event, read, record

_PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "souk.db")


def filled(path: str, count: int = 200) -> SqliteStore:
    store = SqliteStore(path)
    for number in range(count):
        create(store, record(f"r-{number}"), events=[event(f"r-{number}")])
    return store


def full(store: SqliteStore) -> None:
    """The database may not grow by a page: what SQLite says of a full disk."""
    writer = store._file._writer
    pages = writer.execute("PRAGMA page_count").fetchone()[0]
    writer.execute(f"PRAGMA max_page_count={pages}")


def written_while_full(store: SqliteStore) -> list[str]:
    """Commits of a record and its event each, until one is refused; the names of those that were acknowledged."""
    told: list[str] = []
    with pytest.raises(Failed, match="full"):
        write_on(store, told)
    return told


def write_on(store: SqliteStore, told: list[str]) -> None:
    for number in range(10_000):
        create(store, record(f"more-{number}"), events=[event(f"more-{number}")])
        told.append(f"more-{number}")


def read_all(path: str) -> None:
    SqliteStore(path).pending(100_000)


def test_a_full_disk_is_told_and_leaves_no_half_of_a_commit(path: str) -> None:
    store = filled(path)
    full(store)
    told = written_while_full(store)
    waiting = [item.events[0]["subject"] for item in store.pending(100_000)]
    assert waiting == [f"r-{number}" for number in range(200)] + told
    assert all(read(store, name) for name in waiting)
    assert read(store, f"more-{len(told)}") is None
    store.close()


def test_it_goes_on_when_there_is_room_again(path: str) -> None:
    store = filled(path)
    full(store)
    told = written_while_full(store)
    store._file._writer.execute("PRAGMA max_page_count=1000000")
    create(store, record("after"), events=[event("after")])
    assert len(store.pending(100_000)) == 200 + len(told) + 1
    store.close()


def test_where_it_may_not_write_it_says_so_and_reads(path: str) -> None:
    store = filled(path, 3)
    store._file._writer.execute("PRAGMA query_only=1")
    with pytest.raises(Failed, match="readonly"):
        store.commit(commit(events=[event("refused")]))
    assert (len(store.pending(10)), read(store, "r-1")) == (3, record("r-1"))
    store.close()


def test_a_file_that_was_spoilt_is_told(path: str) -> None:
    store = filled(path)
    store.close()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    content = bytearray(Path(path).read_bytes())
    content[_PAGE:] = b"\xff" * (len(content) - _PAGE)
    Path(path).write_bytes(bytes(content))
    with pytest.raises(Failed, match=r"malformed|not a database"):
        read_all(path)
