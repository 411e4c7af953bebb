"""How one caller stands to products: their latest request, and how many requests there are."""

from __future__ import annotations

from typing import NamedTuple

from souk.access import lifecycle, record
from souk.access.finding import PEOPLE
from souk.access.model import DATA, Card, short, subject_list, user_key
from souk.access.queries import state_of, summaries
from souk.identity.people import Person
from souk.store.port import Record
from souk.work import Work


class Relation(NamedTuple):
    """The latest request of somebody for the data of one product: its state and, while it gives access, its end."""

    access: Record
    state: str
    end: str | None


def relation(work: Work, product: str, label: str) -> Relation | None:
    """How the user with this label stands to the product; None: they never asked."""
    place = short(product)
    found = work.records(subject_list(f"user:{user_key(label)}"), low=f"{place}/", high=f"{place}0", reverse=True)
    latest = next((one for one in found if record.card_of(one)["type"] == DATA), None)
    return None if latest is None else _relation(work, latest)


def relations(work: Work, label: str) -> dict[str, Relation]:
    """How the user stands to every product that they ever asked for, by product."""
    found = work.records(subject_list(f"user:{user_key(label)}"))
    latest: dict[str, Record] = {
        record.card_of(one)["object"]["product"]: one for one in found if record.card_of(one)["type"] == DATA
    }
    return {product: _relation(work, one) for product, one in latest.items()}


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
    found = work.records(subject_list(f"user:{user_key(person.label)}"), low=f"{place}/", high=f"{place}0")
    cards = [record.card_of(one) for one in found]
    return any(card["type"] == DATA and lifecycle.is_active(card, work.now) for card in cards)


def _relation(work: Work, latest: Record) -> Relation:
    card: Card = record.card_of(latest)
    return Relation(latest, lifecycle.state(card, work.now), card.get("end"))
