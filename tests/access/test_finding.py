"""Searches of requests cost pages of lists and batches of records, and never a look at each person."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from souk.access.finding import Found, Wanted, find_of_product
from souk.identity import users
from souk.work import Work
from tests.access.world import KEY, World

PEOPLE = 60


@pytest.fixture
def calls(world: World, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the store was asked for a page, or for records, after sixty people asked."""
    for number in range(PEOPLE):
        email = f"p{number}@nav.no"
        world.run(lambda work, number=number, email=email: users.put_user(work, name=f"Nr {number}", email=email))  # type: ignore[misc]
        world.ask(subject={"user": email}, port="open")
    counted: Counter[str] = Counter()
    page, get_many = world.store.page, world.store.get_many

    def counting_page(*args: Any, **named: Any) -> Any:
        counted["page"] += 1
        return page(*args, **named)

    def counting_records(keys: Any) -> Any:
        counted["records"] += 1
        return get_many(keys)

    monkeypatch.setattr(world.store, "page", counting_page)
    monkeypatch.setattr(world.store, "get_many", counting_records)
    return counted


def find(world: World, **wanted: Any) -> Found:
    return find_of_product(Work(world.store), "orders", Wanted(**wanted), KEY, 0, 10, lambda _: "Orders")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("NR 5", 11), ("p7@nav.no", 1), ("p1", 11), ("orders", PEOPLE), ("nobody", 0), ("5\np5", 0)],
)
def test_a_text_is_looked_for_in_names_emails_and_titles(
    world: World, calls: Counter[str], text: str, expected: int
) -> None:
    assert find(world, text=text).total == expected
    assert calls["page"] == 2
    assert calls["records"] <= 2


@pytest.mark.parametrize("ends", [True, False, None])
def test_ends_are_told_by_entries(world: World, calls: Counter[str], ends: bool | None) -> None:
    found = find(world, ends=ends, sort="end")
    assert found.total == {True: 0, False: PEOPLE, None: PEOPLE}[ends]
    assert calls == {"page": 1, "records": 1} if found.records else {"page": 1}


def test_a_renamed_user_is_found_by_the_new_name(world: World, calls: Counter[str]) -> None:
    world.run(lambda work: users.put_user(work, name="Renamed", email="p3@nav.no"))
    assert (find(world, text="renamed").total, find(world, text="nr 3").total) == (1, 10)
    found = users.by_email(Work(world.store), "p3@nav.no")
    assert found is not None
    world.run(lambda work: users.remove_user(work, found.id))
    assert find(world, text="renamed").total == 0
