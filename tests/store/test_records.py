from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from souk.ids import record_key
from souk.store.port import Check, Commit, Put, Stale, Store
from tests.store.making import changed, commit, create, deleted, event, read, record


def test_what_was_put_is_read_as_it_was(store: Store) -> None:
    made = record("a", {"card": {"z": 1, "a": [1, 2, {"x": None}]}, "views": {}}, expires=4_000_000_000)
    create(store, made)
    assert read(store, "a") == made


def test_absent_keys_are_left_out(store: Store) -> None:
    create(store, record("a"), record("b"))
    found = store.get_many([record_key("thing", name) for name in ("b", "missing", "a", "b")])
    assert sorted(r.id for r in found.values()) == ["a", "b"]
    assert store.get_many([]) == {}


def test_many_records_are_read_at_once(store: Store) -> None:
    names = [f"n{i}" for i in range(250)]
    for start in range(0, 250, 50):
        create(store, *(record(name, {"n": name}) for name in names[start : start + 50]))
    found = store.get_many(record_key("thing", name) for name in names)
    assert {r.id: r.body["n"] for r in found.values()} == {name: name for name in names}


def test_a_record_is_created_only_where_nothing_is(store: Store) -> None:
    create(store, record("a", {"n": 1}))
    with pytest.raises(Stale):
        create(store, record("a", {"n": 2}))
    assert read(store, "a") == record("a", {"n": 1})


def test_a_record_is_changed_only_as_it_was_read(store: Store) -> None:
    first = record("a", {"n": 1})
    second, other = changed(first, body={"n": 2}), changed(first, body={"n": 3})
    create(store, first)
    store.commit(commit(Put(second, first)))
    with pytest.raises(Stale):
        store.commit(commit(Put(other, first)))
    assert read(store, "a") == second


def test_a_record_that_is_not_there_cannot_be_changed(store: Store) -> None:
    ghost = record("a")
    with pytest.raises(Stale):
        store.commit(commit(Put(changed(ghost), ghost)))
    assert read(store, "a") is None


def test_a_stale_commit_writes_nothing_at_all(store: Store) -> None:
    create(store, record("a"))
    failing = commit(Put(record("b"), None), Put(record("a"), None), events=[event("x")], notices=[{"name": "n"}])
    with pytest.raises(Stale):
        store.commit(failing)
    assert read(store, "b") is None
    assert store.pending(10) == []
    assert store.pending_notices(10) == []


def test_a_tombstone_stays_and_keeps_its_revision(store: Store) -> None:
    first = record("a")
    gone = deleted(first)
    create(store, first)
    store.commit(commit(Put(gone, first)))
    assert read(store, "a") == gone
    with pytest.raises(Stale):
        create(store, record("a"))
    again = changed(gone, deleted=False, body={"n": 2})
    store.commit(commit(Put(again, gone)))
    assert read(store, "a") == again
    assert again.revision == 3


@pytest.mark.parametrize(("standing", "asked"), [(1, 2), (1, 0), (0, 1)])
def test_a_check_that_does_not_hold_is_stale(store: Store, standing: int, asked: int) -> None:
    create(store, *[record("guard")] * standing)
    with pytest.raises(Stale):
        store.commit(commit(Put(record("b"), None), checks=[Check(record_key("thing", "guard"), asked)]))
    assert read(store, "b") is None


@pytest.mark.parametrize("standing", [0, 1])
def test_a_check_that_holds_lets_the_commit_through(store: Store, standing: int) -> None:
    create(store, *[record("guard")] * standing)
    store.commit(commit(Put(record("b"), None), checks=[Check(record_key("thing", "guard"), standing)]))
    assert read(store, "b") == record("b")


def test_a_tombstone_is_no_absence(store: Store) -> None:
    first = record("guard")
    create(store, first)
    store.commit(commit(Put(deleted(first), first)))
    with pytest.raises(Stale):
        store.commit(commit(Put(record("b"), None), checks=[Check(first.key, 0)]))


@pytest.mark.parametrize(("asked", "outcome"), [(0, None), (1, Stale)])
def test_a_check_beside_a_put_of_the_same_record(store: Store, asked: int, outcome: type[Exception] | None) -> None:
    made = record("a")
    both = commit(Put(made, None), checks=[Check(made.key, asked)])
    raised = None
    try:
        store.commit(both)
    except Stale as error:
        raised = type(error)
    assert raised is outcome


def test_the_same_commit_twice_is_written_once(store: Store) -> None:
    first = record("a", references=(record_key("thing", "target"),))
    once = commit(Put(first, None), events=[event("a")], notices=[{"name": "n", "time": "t"}])
    again = Commit(**{name: getattr(once, name) for name in Commit.__slots__})
    store.commit(once)
    again.began = once.began
    store.commit(again)
    store.commit(once)
    assert len(store.pending(10)) == 1
    assert len(store.pending_notices(10)) == 1
    target = record("target")
    store.commit(commit(Put(deleted(first), first)))
    store.commit(commit(Put(target, None), unreferenced=[target.key]))  # one reference was counted, and given back


def test_a_commit_id_is_free_again_when_the_commit_failed(store: Store) -> None:
    first = record("a")
    create(store, first)
    attempt = commit(Put(record("a"), None))
    with pytest.raises(Stale):
        store.commit(attempt)
    attempt.puts = [Put(changed(first, body={"n": 2}), first)]
    store.commit(attempt)
    found = read(store, "a")
    assert found
    assert found.body == {"n": 2}


EXOTIC: list[Any] = [
    0, -0.0, 1.0, 1e22, 1.5e-9, 1e-9, 123456789012345678, 12345678901234567890, -9223372036854775809,
    10**400, 0.1 + 0.2, 5e-324, 1.7976931348623157e308, True, None, [], {}, "", "\0", "\u2028\u2029", "e\u0301",
    "\U0001f980", "\ufeff", "x" * 5000, '"\\/', {"": {"": ""}}, {"b": 1, "a": 2}, [[[[[1]]]]], "1e5", "NaN",
]  # fmt: skip


def test_values_come_back_as_they_were_sent(store: Store) -> None:
    bodies = [{"card": {"value": value, "list": [value, value]}} for value in EXOTIC]
    create(store, *(record(f"{number}", body) for number, body in enumerate(bodies)))
    found = store.get_many(record_key("thing", f"{number}") for number in range(len(bodies)))
    read_back = [found[record_key("thing", f"{number}")].body for number in range(len(bodies))]
    assert [repr(body) for body in read_back] == [repr(body) for body in bodies]


EXOTIC_IDS = [
    "a b",
    "a/b",
    "Å",
    "e\u0301",
    "é",
    "A",
    "a",
    "\U0001f980",
    "x#y",
    "\0",
    "%2F",
    "İ",
    "r#x",
    "z" * 256,
    "\U0001f980" * 256,
]


def test_ids_are_compared_exactly(store: Store) -> None:
    for name in EXOTIC_IDS:
        create(store, record(name, {"me": name}))
    found = store.get_many([record_key("thing", name) for name in EXOTIC_IDS])
    assert {r.id for r in found.values()} == set(EXOTIC_IDS)
    assert all(r.body == {"me": r.id} for r in found.values())


def test_a_commit_with_nothing_but_events_is_written(store: Store) -> None:
    store.commit(commit(events=[event("a"), event("b")]))
    [item] = store.pending(5)
    assert [e["subject"] for e in item.events] == ["a", "b"]


def test_an_empty_commit_does_nothing(store: Store) -> None:
    store.commit(Commit(id=str(uuid4())))
    assert store.pending(5) == []


def test_one_commit_may_not_put_a_record_twice(store: Store) -> None:
    made = record("a")
    with pytest.raises(ValueError, match="once"):
        store.commit(commit(Put(made, None), Put(replace(made, body={}), None)))
    assert read(store, "a") is None
