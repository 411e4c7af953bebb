"""A plain service to hold Souk against: FastAPI and SQLite, one kind of record, no doors, no events, no approvals.

`python -m benchmarks.plain PORT FILE` serves `GET` and `PUT /products/{id}`. It checks its key and its bodies, and
every write is on disk when it is answered, as Souk's are.
"""

from __future__ import annotations

import hmac
import json
import sqlite3
import sys
import threading
from typing import Annotated, Any

import uvicorn
from fastapi import FastAPI, Header, HTTPException, Path
from pydantic import BaseModel

KEY = "plain-key-of-the-measurement"


class Info(BaseModel):
    """What a product says of itself."""

    title: str
    owner: str
    description: str = ""


class Port(BaseModel):
    """Where its data is."""

    id: str
    name: str
    type: str
    server: dict[str, str] = {}


class Product(BaseModel):
    """A product."""

    id: str
    info: Info
    outputPorts: list[Port] = []  # noqa: N815 - as it stands in the document


class Table:
    """The database: a connection for each thread, and one writer at a time."""

    def __init__(self, path: str) -> None:
        self._path, self._local, self._lock = path, threading.local(), threading.Lock()
        with self.connection() as db:
            db.execute("CREATE TABLE IF NOT EXISTS products (id TEXT PRIMARY KEY, body TEXT NOT NULL)")

    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        found: sqlite3.Connection | None = getattr(self._local, "db", None)
        if found is None:
            found = self._local.db = sqlite3.connect(self._path)
            found.execute("PRAGMA journal_mode=WAL")
            found.execute("PRAGMA synchronous=FULL")
        return found

    def put(self, product: Product) -> None:
        """Write it, on disk."""
        with self._lock, self.connection() as db:
            db.execute("INSERT OR REPLACE INTO products VALUES (?, ?)", (product.id, product.model_dump_json()))

    def get(self, product_id: str) -> Any:
        """The document, or None."""
        row = self.connection().execute("SELECT body FROM products WHERE id = ?", (product_id,)).fetchone()
        return json.loads(row[0]) if row else None


def application(table: Table) -> FastAPI:
    """The service."""
    app = FastAPI()

    def demand(key: str) -> None:
        if not hmac.compare_digest(key, KEY):
            raise HTTPException(401, "this key is not valid")

    @app.get("/products/{product_id}")
    def get_product(product_id: Annotated[str, Path()], x_api_key: Annotated[str, Header()] = "") -> Any:
        demand(x_api_key)
        found = table.get(product_id)
        if found is None:
            raise HTTPException(404, "there is no such product")
        return found

    @app.put("/products/{product_id}")
    def put_product(product_id: str, product: Product, x_api_key: Annotated[str, Header()] = "") -> Product:
        demand(x_api_key)
        if product.id != product_id:
            raise HTTPException(422, "the ids differ")
        table.put(product)
        return product

    return app


if __name__ == "__main__":
    uvicorn.run(
        application(Table(sys.argv[2])),
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )
