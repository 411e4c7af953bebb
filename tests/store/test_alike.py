"""All stores behave alike: the same random commits, step by step, on SQLite and on DynamoDB."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from souk.ids import record_key
from souk.store.port import Check, Commit, Entry, Line, Put, Record, Stale, StillReferenced, Store
from tests.engines import store_of
from tests.store.making import commit, event, record

NAMES = [f"n{number}" for number in range(6)]
KEYS = [record_key("thing", name) for name in NAMES]
LISTS = ["l", "m"]
STEPS = 40


class Chance(random.Random):
    """Random commits over a few records, so that they meet."""

    def some(self, values: list[Any], most: int) -> list[Any]:
        return self.sample(values, self.randint(0, most))

    def entries(self) -> tuple[Entry, ...]:
        places = self.sample([(name, sort) for name in LISTS for sort in "abc"], self.randint(0, 3))
        return tuple(Entry(name, sort, self.choice("xyz")) for name, sort in places)

    def put(self, name: str, stored: dict[str, Record]) -> Put:
        previous = stored.get(record_key("thing", name))
        wrong = self.random() < 0.1
        body = {"n": self.random(), "text": "t" * self.choice([0, 0, 50_000])}
        made = record(name, body, entries=self.entries(), references=tuple(self.some(KEYS, 2)))
        kept = made if self.random() < 0.75 else replace(made, body={}, entries=(), references=(), deleted=True)
        before = previous if not wrong else replace(made, revision=self.randint(1, 9), entries=(), references=())
        return Put(replace(kept, revision=before.revision + 1 if before else 1), before)

    def commit(self, stored: dict[str, Record]) -> Commit:
        return commit(
            *(self.put(name, stored) for name in self.some(NAMES, 3)),
            checks=[Check(key, stored[key].revision if key in stored else 0) for key in self.some(KEYS, 1)],
            unreferenced=self.some(KEYS, 1) if self.random() < 0.5 else [],
            lines=[Line("l", self.choice("abc"), f"{n}", "line") for n in range(self.randint(0, 1))],
            events=[event("e")] * self.randint(0, 2),
        )


def outcome(store: Store, following: Commit) -> str:
    try:
        store.commit(following)
    except Stale:
        return "stale"
    except StillReferenced as error:
        return f"referenced {error.args[0]}"
    return "written"


def seen(store: Store) -> Any:
    pages = [
        store.page(name, limit=5, low=low, high=high, reverse=reverse)
        for name in LISTS
        for low, high in (("", None), ("b", "c"))
        for reverse in (False, True)
    ]
    return store.get_many(KEYS), pages, [item.events for item in store.pending(1000)]


@pytest.mark.parametrize("seed", range(3))
def test_the_same_commits_have_the_same_outcome_everywhere(aws: None, tmp_path: Path, seed: int) -> None:
    chance = Chance(seed)
    stores = [store_of(engine, tmp_path) for engine in ("memory", "dynamodb")]
    outcomes = []
    for _ in range(STEPS):
        following = chance.commit(stores[0].get_many(KEYS))
        here, there = (outcome(store, following) for store in stores)
        assert here == there
        assert seen(stores[0]) == seen(stores[1])
        outcomes.append(here.partition(" ")[0])
    assert set(outcomes) == {"written", "stale", "referenced"}
