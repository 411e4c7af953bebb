"""The index of this process: a snapshot from the bucket, and what changed after it."""

from __future__ import annotations

import threading
import time

from souk.documents import objects
from souk.search.index import Index
from souk.search.reading import catch_up, rebuild
from souk.store.port import Store

KEY = "search/index"
FEW = 200
"""So many changed products are applied by every new reader rather than saved in a new snapshot."""
LOOK_AGAIN_SECONDS = 60.0
_lock = threading.Lock()


class _Held:
    """The index that queries of this process ask, the store it belongs to, and where it came from."""

    index: Index | None = None
    store: object = None
    etag = ""
    looked = 0.0


def index_of(store: Store) -> Index:
    """The index, up to date with everything committed by now. Raises Failed."""
    with _lock:
        if _Held.index is None or _Held.store is not store or _is_newer():
            _load(store)
        index = _Held.index
    assert index is not None
    catch_up(store, index)
    return index


def refresh(store: Store) -> int:
    """Save a new snapshot if more than a few products changed since the last. How many there were."""
    stored = objects.head(KEY)
    index = Index(objects.read(KEY)) if stored else Index()
    changed = catch_up(store, index)
    if changed > FEW:
        _save(index)
    return changed


def reindex(store: Store) -> int:
    """Make the index anew from the records, and save it. How many versions it holds."""
    index = rebuild(store)
    catch_up(store, index)
    _save(index)
    return index.size()


def forget() -> None:
    """Load the snapshot again at the next query."""
    _Held.index = None


def _save(index: Index) -> None:
    objects.write(KEY, index.image(), "application/octet-stream")


def _is_newer() -> bool:
    """Somebody made the index anew, or a snapshot is there that this process did not begin with."""
    if time.monotonic() - _Held.looked < LOOK_AGAIN_SECONDS:
        return False
    _Held.looked = time.monotonic()
    stored = objects.head(KEY)
    return stored is not None and stored.etag != _Held.etag


def _load(store: Store) -> None:
    stored = objects.head(KEY)
    _Held.index = Index(objects.read(KEY)) if stored else Index()
    _Held.etag = stored.etag if stored else ""
    _Held.store, _Held.looked = store, time.monotonic()
