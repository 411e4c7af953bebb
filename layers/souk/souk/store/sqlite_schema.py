"""The tables of the SQLite store."""

from __future__ import annotations

import sqlite3

from souk.errors import Failed

VERSION = 1

_TABLES = """
CREATE TABLE records (key TEXT PRIMARY KEY, revision INTEGER NOT NULL, body BLOB NOT NULL, expires INTEGER);
CREATE INDEX records_expiring ON records (expires) WHERE expires IS NOT NULL;
CREATE TABLE entries (
    list TEXT NOT NULL, sort TEXT NOT NULL, key TEXT NOT NULL, view TEXT NOT NULL, PRIMARY KEY (list, sort, key)
) WITHOUT ROWID;
CREATE TABLE counters (key TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE outbox (place INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL);
CREATE TABLE notices (place INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL);
CREATE TABLE log (number INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE commits (place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE);
"""


def prepare(connection: sqlite3.Connection) -> None:
    """Create the tables in a new database. Raises errors.Failed for one that a later Souk wrote."""
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == 0:
        for statement in _TABLES.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version={VERSION}")
    connection.execute("COMMIT")
    if version > VERSION:
        raise Failed(f"the database has format {version}, this Souk knows {VERSION}")
