"""The index: SQLite with FTS5 in memory, one row for each version, and its facts for filters."""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Iterable
from typing import Any, TypedDict

from souk import jsontext
from souk.search.changes import Position

FORMAT = "1"
WEIGHTS = (8.0, 2.0, 4.0, 3.0, 3.0)
"""How much a word counts in each column of `words`, in their order."""
COLUMNS = ("name", "description", "tags", "domain", "parts")
_SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE versions (number INTEGER PRIMARY KEY, id TEXT UNIQUE, product TEXT, updated TEXT, body BLOB);
CREATE INDEX versions_by_product ON versions (product);
CREATE TABLE facts (field TEXT, value, version INTEGER, PRIMARY KEY (field, value, version)) WITHOUT ROWID;
CREATE INDEX facts_by_version ON facts (version);
CREATE VIRTUAL TABLE words USING fts5(name, description, tags, domain, parts,
  tokenize = 'porter unicode61 remove_diacritics 2');
"""
_SCHEMA_OLD = _SCHEMA.replace("", "")
"""Before SQLite 3.43 a row without content cannot be deleted."""


class Found(TypedDict):
    """A version as the index knows it. `product` is exact, `product_uuid` as doors with UUIDs show it."""

    id: str
    product: str
    product_uuid: str
    number: str
    state: str
    name: str
    description: str
    tags: list[str]
    domain: str
    domain_uuid: str
    domain_name: str
    parts: list[dict[str, Any]]
    restricted: bool
    created: str
    created_by: str
    updated: str


class Index:
    """Safe to use from many threads, one at a time."""

    def __init__(self, image: bytes | None = None) -> None:
        self.lock = threading.RLock()
        self.seen: set[str] = set()
        self._db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        if image is not None:
            self._db.deserialize(zlib.decompress(image))
        if image is None or self._about("format") != FORMAT:
            self._begin()

    @property
    def position(self) -> Position:
        """How far the index has come."""
        return Position(int(self._about("batch") or 0), self._about("instant") or "")

    def moved(self, position: Position) -> None:
        """Note how far the index has come."""
        told = [("batch", str(position.batch)), ("instant", position.instant), ("format", FORMAT)]
        self._db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", told)

    def image(self) -> bytes:
        """The whole index, packed."""
        with self.lock:
            return zlib.compress(self._db.serialize(), 1)

    def replace(self, product: str, versions: Iterable[Found]) -> None:
        """Let these be the versions of the product."""
        with self.lock:
            self._db.execute("BEGIN")
            for (number,) in self._db.execute("SELECT number FROM versions WHERE product = ?", (product,)).fetchall():
                for table, key in (("versions", "number"), ("facts", "version"), ("words", "rowid")):
                    self._db.execute(f"DELETE FROM {table} WHERE {key} = ?", (number,))  # noqa: S608 - names above
            for version in versions:
                self._add(version)
            self._db.execute("COMMIT")

    def rows(self, statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
        """What a statement of `querying` finds."""
        with self.lock:
            return self._db.execute(statement, values).fetchall()

    def size(self) -> int:
        """How many versions it holds."""
        found: int = self.rows("SELECT count(*) FROM versions", [])[0][0]
        return found

    def _begin(self) -> None:
        self._db.close()
        self._db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._db.executescript(_SCHEMA)

    def _about(self, name: str) -> str | None:
        with self.lock:
            try:
                row = self._db.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
            except sqlite3.Error:
                return None
        return str(row[0]) if row else None

    def _add(self, version: Found) -> None:
        body = jsontext.dump(version)
        number = self._db.execute(
            "INSERT INTO versions (id, product, updated, body) VALUES (?, ?, ?, ?)",
            (version["id"], version["product"], version["updated"], body),
        ).lastrowid
        parts = " ".join(str(part["name"]) for part in version["parts"])
        texts = (version["name"], version["description"], " ".join(version["tags"]), version["domain_name"], parts)
        self._db.execute("INSERT INTO words (rowid, name, description, tags, domain, parts) VALUES (?, ?, ?, ?, ?, ?)",
                         (number, *texts))  # fmt: skip
        facts = [(field, value, number) for field, value in _facts(version)]
        self._db.executemany("INSERT OR IGNORE INTO facts VALUES (?, ?, ?)", facts)


def _facts(version: Found) -> Iterable[tuple[str, Any]]:
    for field, value in version.items():
        if field == "parts":
            for part in version["parts"]:
                yield from ((f"parts.{name}", one) for name, one in part.items() if isinstance(one, str))
        elif isinstance(value, list):
            yield from ((field, one) for one in value)
        else:
            yield field, int(value) if isinstance(value, bool) else value
