"""Records, commits and what tests do with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from souk import clock
from souk.ids import record_key
from souk.store.port import Commit, Entry, Page, Put, Record, Stale, Store

MOMENT = "2024-05-01T10:00:00.000000Z"


def record(name: str, body: dict[str, Any] | None = None, **more: Any) -> Record:
    """A new record of the kind `thing`."""
    values: dict[str, Any] = {"kind": "thing", "id": name, "key": record_key("thing", name), "revision": 1}
    values |= {"created": MOMENT, "updated": MOMENT, "body": {"card": {"name": name}} if body is None else body}
    return Record(**(values | more))


def changed(before: Record, **more: Any) -> Record:
    """The record's next revision."""
    return replace(before, **({"revision": before.revision + 1} | more))


def deleted(before: Record) -> Record:
    """The record's tombstone."""
    return changed(before, body={}, entries=(), references=(), deleted=True)


def commit(*puts: Put, **more: Any) -> Commit:
    return Commit(id=str(uuid4()), puts=list(puts), **more)


def create(store: Store, *records: Record, **more: Any) -> None:
    store.commit(commit(*(Put(r, None) for r in records), **more))


def read(store: Store, name: str) -> Record | None:
    key = record_key("thing", name)
    return store.get_many([key]).get(key)


def until_it_holds(attempt: Callable[[], Any]) -> Any:
    """Do it again for as long as it is Stale, as the unit of work does."""
    while True:
        try:
            return attempt()
        except Stale:
            continue


def event(subject: str, verb: str = "updated", **more: Any) -> dict[str, Any]:
    return {"kind": "product", "verb": verb, "subject": subject, "time": clock.text(clock.now()), "data": {}} | more


def listed(name: str, list_name: str, sort: str, view: str = "") -> Record:
    return record(name, entries=(Entry(list_name, sort, view),))


def all_of(store: Store, list_name: str, limit: int, **bounds: Any) -> list[Page]:
    """Every page of a list."""
    pages: list[Page] = []
    cursor: str | None = None
    while not pages or cursor:
        pages.append(store.page(list_name, limit=limit, cursor=cursor, **bounds))
        cursor = pages[-1].cursor
    return pages


def sorts(pages: Iterable[Page]) -> list[str]:
    return [entry.sort for page in pages for entry in page.entries]


def fill(store: Store, list_name: str, texts: Sequence[str], view: str = "") -> None:
    """Put records into a list at these places, many to a commit."""
    records = [listed(f"{list_name}-{text}", list_name, text, view) for text in texts]
    for start in range(0, len(records), 45):
        create(store, *records[start : start + 45])
