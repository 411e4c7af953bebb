"""Stored data comes into the form that a later version reads, while requests go on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from souk.errors import Conflict, Failed
from souk.setup.migrations import MIGRATIONS, Migration, migrate
from souk.setup.version import FIRST, VERSION, keep_version, mark_version, stored_version
from souk.store.port import Entry, Record, Store
from souk.work import Work, run

NAMES = [f"team {number:02}" for number in range(25)]


def upper(record: Record) -> Record | None:
    """A made-up change: names in capitals, and a list by name beside the one of all."""
    card = record.body["card"]
    if card["name"].isupper():
        return None
    newer = {**record.body, "card": {**card, "name": card["name"].upper()}}
    return replace(record, body=newer, entries=(*record.entries, Entry("team/named", card["name"].upper())))


CAPITALS = Migration(FIRST + 1, "names in capitals", ("team",), upper)


@pytest.fixture
def filled(store: Store) -> Store:
    for name in NAMES:
        run(store, lambda work, name=name: work.save("team", name, {"card": {"name": name}}))  # type: ignore[misc]
    run(store, mark_version)
    return store


def named(store: Store) -> list[str]:
    return [entry.sort for entry in store.page("team/named", limit=100).entries]


def test_the_version_is_the_one_that_the_last_migration_leads_to() -> None:
    assert [one.version for one in MIGRATIONS] == list(range(FIRST + 1, VERSION + 1))


def test_every_record_is_changed_once_and_keeps_its_age(filled: Store) -> None:
    before = Work(filled).get("team", NAMES[0])
    (done,) = migrate(filled, [CAPITALS])
    after = Work(filled).get("team", NAMES[0])
    assert (done.version, done.records) == (FIRST + 1, len(NAMES))
    assert (after.body["card"]["name"], after.revision) == (NAMES[0].upper(), before.revision + 1)
    assert (after.created, after.updated) == (before.created, before.updated)
    assert named(filled) == [name.upper() for name in NAMES]
    assert stored_version(Work(filled)) == FIRST + 1
    assert list(migrate(filled, [CAPITALS])) == []
    assert Work(filled).get("team", NAMES[0]).revision == after.revision


def test_nobody_is_told(filled: Store) -> None:
    list(migrate(filled, [CAPITALS]))
    assert (filled.pending(10), filled.pending_notices(10)) == ([], [])


def test_what_was_interrupted_goes_on(filled: Store) -> None:
    seen: list[str] = []

    def failing(record: Record) -> Record | None:
        seen.append(record.id)
        if len(seen) == 15:
            raise Failed("no answer")
        return upper(record)

    with pytest.raises(Failed):
        list(migrate(filled, [CAPITALS._replace(change=failing)]))
    assert stored_version(Work(filled)) == FIRST
    (done,) = migrate(filled, [CAPITALS])
    assert (done.records, len(named(filled))) == (len(NAMES) - 10, len(NAMES))


def test_what_somebody_writes_meanwhile_is_not_lost(filled: Store) -> None:
    written: list[str] = []

    def overtaken(record: Record) -> Record | None:
        if not written:
            written.append(record.id)
            run(filled, lambda work: work.save("team", record.id, {"card": {"name": "later"}}))
        return upper(record)

    list(migrate(filled, [CAPITALS._replace(change=overtaken)]))
    assert Work(filled).get("team", written[0]).body["card"]["name"] == "LATER"


def test_one_comes_after_another(filled: Store) -> None:
    further = Migration(FIRST + 2, "sources too", ("source_system",), upper)
    assert [done.version for done in migrate(filled, [CAPITALS, further])] == [FIRST + 1, FIRST + 2]
    assert [done.version for done in migrate(filled, [CAPITALS, further])] == []


def test_data_of_a_later_version_is_left_alone(filled: Store) -> None:
    run(filled, lambda work: keep_version(work, FIRST + 7))
    with pytest.raises(Conflict, match="update the code"):
        list(migrate(filled, [CAPITALS]))
    assert named(filled) == []
