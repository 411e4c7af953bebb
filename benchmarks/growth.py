"""P5: the same operations on a small store and on a large one. CPU of the function and its SQLite database together."""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from benchmarks.stage import Event, Stage, handler_of
from benchmarks.table import Row
from souk.documents import objects
from souk.events.ids import event_id
from souk.events.sequencer import sequence
from souk.ids import record_key
from souk.search import snapshot
from souk.search.index import Index
from souk.search.reading import rebuild
from souk.store import codec
from souk.store.connect import use
from souk.store.port import Commit, Entry, OutboxItem, Put, Record
from souk.store.sqlite import SqliteStore
from souk.store.sqlite_commit import CommitJob

EVENTS = (1_000, 10_000, 100_000, 1_000_000)
PRODUCTS = (100, 1_000, 10_000, 100_000)
SEARCHED = PRODUCTS[:3]
"""An index of 100,000 products takes a minute to build."""
PER_BATCH = 10
TRIES = 9
PAGE = 1_000


def rows() -> list[Row]:
    """Feed, lists, single records, maps and search as history and catalogue grow."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("POWERTOOLS_LOG_LEVEL", "ERROR")
        patch.setattr(objects, "head", lambda _key: None)
        return _of_the_log(Path(folder)) + _of_products(Path(folder))


@contextmanager
def _store(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(str(path))
    use(store)
    yield store
    use(None)
    store.close()


def _of_the_log(folder: Path) -> list[Row]:
    """A history of each length."""
    least = _in_turns(folder, EVENTS, _asking_the_log, lambda _size, _store: None)
    return [_row(what, EVENTS, [least[what, size] for size in EVENTS], allowed) for what, allowed in _HISTORY.items()]


_PAGE = f"feed page of {PAGE:,} events"
_IDLE = "feed poll without news"
_PLACED = "sequencing of 50 waiting commits"
_HISTORY = {_PAGE: 1.05, _IDLE: 1.05, _PLACED: 1.1}


def _asking_the_log(store: SqliteStore, size: int) -> dict[str, Callable[[], float]]:
    stage, logged = Stage(store, _perform), _log(store, 0, size // PER_BATCH)
    page = _poll(stage, logged - PAGE // PER_BATCH, PER_BATCH)
    return {
        _PAGE: partial(_spent, page),
        _IDLE: lambda: _spent(_poll(stage, *_end(store))),
        _PLACED: partial(_sequenced, store),
    }


def _end(store: SqliteStore) -> tuple[int, int]:
    """The newest batch, and how many events it holds."""
    last = store.last_batch()
    assert last is not None
    return last.number, len(last.events)


def _in_turns(
    folder: Path,
    sizes: tuple[int, ...],
    asking: Callable[[SqliteStore, int], dict[str, Callable[[], float]]],
    prepare: Callable[[int, SqliteStore], None],
) -> dict[tuple[str, int], float]:
    """The least of what each takes on a store of each size, in turns: what else this machine does meets all alike."""
    spent: dict[tuple[str, int], list[float]] = {}
    with ExitStack() as stack:
        stores = {size: stack.enter_context(_store(folder / f"{asking.__name__}{size}.db")) for size in sizes}
        actions = {size: asking(store, size) for size, store in stores.items()}
        for _ in range(TRIES):
            for size, store in stores.items():
                use(store)
                prepare(size, store)
                for name, action in actions[size].items():
                    spent.setdefault((name, size), []).append(action())
    return {place: min(tries) for place, tries in spent.items()}


def _log(store: SqliteStore, before: int, batches: int) -> int:
    """Fill the log up to so many batches. Writing each by a transaction of its own would take an hour."""
    event = {"kind": "product", "verb": "updated", "subject": "one", "time": _NOW, "logged": _NOW, "data": {}}
    body = codec.encode_batch([event] * PER_BATCH)
    values = ((number, body) for number in range(before + 1, batches + 1))
    store._file.write(lambda db: _many(db, "INSERT INTO log (number, body) VALUES (?, ?)", values))
    return batches


_NOW = "2026-02-02T08:00:00.000000Z"


def _many(db: Any, sql: str, values: Iterator[tuple[Any, ...]]) -> None:
    db.executemany(sql, values)


def _poll(stage: Stage, after: int, events: int) -> Callable[[], object]:
    event = stage.event("nndm/poll_events")
    event["rawQueryString"] = f"lastEventId={event_id(after, events - 1, True)}" if after else ""
    return _calling("nndm/poll_events", event)


def _sequenced(store: SqliteStore) -> float:
    """Milliseconds of CPU to give 50 commits their place."""
    event = {"kind": "product", "verb": "updated", "subject": "one", "time": _NOW, "data": {}}
    for number in range(50):
        last = store.last_batch()
        store.commit(Commit(f"{last.number if last else 0}-{number}", events=[event]))
    waiting: list[OutboxItem] = store.pending(50)
    before = time.process_time()
    sequence(store, waiting)
    return 1000 * (time.process_time() - before)


def _of_products(folder: Path) -> list[Row]:
    """A catalogue of each size."""
    least = _in_turns(folder, PRODUCTS, _asking, lambda size, store: _index(store) if size in SEARCHED else None)
    sizes = {_LONG: PRODUCTS[1:], _SEARCH: SEARCHED}  # a hundred products fill no page of a thousand
    return [
        _row(what, sizes.get(name, PRODUCTS), [least[name, size] for size in sizes.get(name, PRODUCTS)], allowed)
        for name, (what, allowed) in _ASKED.items()
    ]


def _asking(store: SqliteStore, size: int) -> dict[str, Callable[[], float]]:
    """Fill the store with so many products. What is asked of it."""
    use(store)
    stage = Stage(store, _perform)
    stage.all("nndm/add_team", "nndm/add_asset", "nndm/add_data_contract", "nndm/add_data_product")
    pattern = store.get_many([record_key("product", "roast-batches")]).popitem()[1]
    _clone(store, pattern, 1, size)
    events = {name: stage.event(name) for name in _ASKED if name != _SEARCH or size in SEARCHED}
    events["nav/get_dataproduct"]["pathParameters"] = {"productID": "roast-batches"}
    events["dpx/list_data_products"]["rawQueryString"] = "limit=50"
    events[_LONG]["rawQueryString"] = "p=0"
    return {name: partial(_spent, _calling(name, event)) for name, event in events.items()}


_LONG = "nndm/get_data_products"
_SEARCH = "dpx/search_catalog"
_ASKED = {
    "nndm/get_data_product": ("one product (nndm)", 1.1),
    "dpx/list_data_products": ("cursor page of 50 (dpx)", 1.1),
    "immuta/search_data_products": ("page of 20 by part of a name (immuta)", 1.1),
    "nav/get_dataproduct": ("one product with its access map (nav)", 1.1),
    _LONG: ("first page of 1,000 (nndm)", 1.1),
    _SEARCH: ("search that every product matches, all counted (dpx)", 0),
}
"""What is asked, what it is, and how many times the smallest the largest may take (0: it is only told)."""


def _clone(store: SqliteStore, pattern: Record, before: int, size: int) -> int:
    """Products like this one, up to so many, in few transactions."""
    for start in range(before, size, 2_000):
        commits = [CommitJob(_copy(pattern, number)) for number in range(start, min(start + 2_000, size))]

        def write(db: Any, jobs: list[CommitJob] = commits) -> None:
            for job in jobs:
                job(db)

        store._file.write(write)
    return size


def _copy(pattern: Record, number: int) -> Commit:
    instant = f"2026-03-02T08:00:{number // 1_000_000:02d}.{number % 1_000_000:06d}Z"
    named = f"Roast {number:06d} sales"
    entries = tuple(
        Entry(entry.list, instant, entry.view) if entry.sort == pattern.created else Entry(entry.list, named, named)
        for entry in pattern.entries
    )
    exact = f"p{number}"
    body = {**pattern.body, "card": {**pattern.body["card"], "title": named}}
    copy = Record("product", exact, record_key("product", exact), 1, instant, instant, body, entries)
    return Commit(exact, puts=[Put(copy, None)])


def _index(store: SqliteStore) -> None:
    held = snapshot._Held
    index = _indexes.get(id(store)) or _indexes.setdefault(id(store), rebuild(store))
    held.index, held.store, held.etag, held.looked = index, store, "", time.monotonic()


_indexes: dict[int, Index] = {}


def _perform(name: str, event: Event) -> dict[str, Any]:
    return handler_of(name)(event, None)


def _calling(name: str, event: Event) -> Callable[[], object]:
    handler = handler_of(name)

    def call() -> object:
        answer = handler(event, None)
        assert answer["statusCode"] == 200, (name, answer)
        return answer

    return call


def _spent(action: Callable[[], object]) -> float:
    """Milliseconds of CPU for the second of two times: the first warms up.

    What all others have left behind is collected before: in the same turn it would always fall to the same one.
    """
    action()
    gc.collect()
    before = time.process_time()
    action()
    return 1000 * (time.process_time() - before)


def _row(what: str, sizes: tuple[int, ...], spent: list[float], allowed: float) -> Row:
    """`allowed` 0: no budget, only told."""
    told = ", ".join(f"{took:.2f} ms at {size:,}" for size, took in zip(sizes, spent, strict=True))
    grown = spent[-1] / spent[0]
    wanted = f"<= {allowed:.2f}x" if allowed else "told"
    return Row("P5", what, f"{grown:.2f}x: {told}", wanted, not allowed or grown <= allowed)
