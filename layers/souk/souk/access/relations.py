"""How one caller stands to products: their latest request, and how many requests there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from souk import jsontext
from souk.access.finding import PEOPLE
from souk.access.model import DATA, short, subject_list, user_key
from souk.access.queries import state_of, summaries
from souk.identity.people import Person
from souk.store.port import MAX_PAGE, Listed
from souk.work import Work


class Relation(NamedTuple):
    """The latest request of somebody for the data of one product: its key, its state, and when it ends or ended."""

    key: str
    state: str
    end: str | None


def relation(work: Work, product: str, label: str) -> Relation | None:
    """How the user with this label stands to the product; None: they never asked. Reads entries alone."""
    place = short(product)
    found = _entries(work, label, low=f"{place}/", high=f"{place}0")
    return _latest(work, found).get(place)


def relations(work: Work, label: str) -> dict[str, Relation]:
    """How the user stands to every product that they ever asked for, by `model.short` of the product's id."""
    return _latest(work, _entries(work, label))


def counts(work: Work, product: str) -> dict[str, int]:
    """How many requests of people stand in each state, of both types."""
    found: dict[str, int] = {}
    for view in summaries(work, product):
        if view["s"].partition(":")[0] in PEOPLE:
            state = state_of(view, work.now)
            found[state] = found.get(state, 0) + 1
    return found


def has_access(work: Work, product: str, person: Person) -> bool:
    """Whether the user has access to the product now, by any of their accesses."""
    place = short(product)
    entries = _entries(work, person.label, low=f"{place}/", high=f"{place}0")
    views = [jsontext.load(one.view.encode()) for one in entries]
    return any(view["y"] == DATA and state_of(view, work.now) == "active" for view in views)


def _latest(work: Work, entries: Iterable[Listed]) -> dict[str, Relation]:
    """Entries of one product come by creation, so the last one counts."""
    found = {}
    for entry in entries:
        view = jsontext.load(entry.view.encode())
        if view["y"] == DATA:
            found[entry.sort.rpartition("/")[0]] = Relation(entry.key, state_of(view, work.now), view.get("e"))
    return found


def _entries(work: Work, label: str, low: str = "", high: str | None = None) -> Iterator[Listed]:
    cursor: str | None = None
    while True:
        name = subject_list(f"user:{user_key(label)}")
        page = work.store.page(name, limit=MAX_PAGE, cursor=cursor, low=low, high=high)
        yield from page.entries
        cursor = page.cursor
        if cursor is None:
            return
