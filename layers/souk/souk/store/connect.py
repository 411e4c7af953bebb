"""The process's store, chosen by the environment.

`SOUK_STORE=sqlite` with the file `SOUK_DATABASE` (default `:memory:`), or `SOUK_STORE=dynamodb` with its tables. An
adapter is imported only when it is chosen.
"""

from __future__ import annotations

import os
import threading

from souk.store.port import Store

_lock = threading.Lock()
_store: Store | None = None


def connect() -> Store:
    """The store of this process, opened on first use. Raises ValueError for an unknown `SOUK_STORE`."""
    return _store if _store is not None else _open()


def use(store: Store | None) -> None:
    """Make `connect` answer this store from now on; None: open by the environment again. The old one stays open."""
    global _store  # noqa: PLW0603 - one store per process is the point
    _store = store


def _open() -> Store:
    with _lock:
        if _store is None:
            use(_from_environment())
        assert _store is not None
        return _store


def _from_environment() -> Store:
    chosen = os.environ.get("SOUK_STORE", "sqlite")
    if chosen == "sqlite":
        from souk.store.sqlite import SqliteStore

        return SqliteStore(os.environ.get("SOUK_DATABASE", ":memory:"))
    if chosen == "dynamodb":
        from souk.store.dynamodb import DynamoStore

        return DynamoStore.from_environment()
    raise ValueError(f"SOUK_STORE must be sqlite or dynamodb, not {chosen!r}")
