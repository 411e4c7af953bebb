from __future__ import annotations

import random

import pytest

from souk.errors import Invalid, TooLarge
from souk.store import codec, limits
from souk.store.port import MAX_CHANGES, Entry, Line, Put, Store
from tests.store.making import all_of, changed, commit, create, deleted, event, read, record, sorts

KB = 1024


def noise(size: int, seed: int = 1) -> str:
    """Text that does not compress well."""
    return random.Random(seed).randbytes(size // 2).hex()


@pytest.mark.parametrize("size", [20 * KB, 70 * KB, 1000 * KB, 4000 * KB])
def test_large_bodies_come_back(store: Store, size: int) -> None:
    first = record("a", {"text": noise(size)})
    second = changed(first, body={"text": noise(size, 2)})
    create(store, first)
    assert read(store, "a") == first
    store.commit(commit(Put(second, first)))
    assert read(store, "a") == second
    store.commit(commit(Put(deleted(second), second)))
    assert read(store, "a") == deleted(second)


def test_many_large_bodies_are_read_at_once(store: Store) -> None:
    made = [record(f"r{n}", {"text": noise(80 * KB, n)}) for n in range(12)]
    create(store, *made)
    found = store.get_many(r.key for r in made)
    assert [found[r.key] for r in made] == made


def test_a_body_above_the_limit_is_refused(store: Store) -> None:
    with pytest.raises(TooLarge):
        create(store, record("a", {"text": "x" * limits.MAX_BODY}))
    assert read(store, "a") is None


def test_a_commit_changes_100_items_at_most(store: Store) -> None:
    full = [record(f"r{n}", entries=(Entry("l", f"{n:03d}"),)) for n in range(MAX_CHANGES // 2)]
    create(store, *full)
    assert len(sorts(all_of(store, "l", 1000))) == 50
    with pytest.raises(TooLarge):
        create(store, *(record(f"s{n}") for n in range(MAX_CHANGES)), events=[event("one too many")])
    assert read(store, "s0") is None
    assert store.pending(1) == []


def test_references_and_entries_count_as_items(store: Store) -> None:
    wide = record(
        "a", entries=tuple(Entry("l", f"{n}") for n in range(50)), references=tuple(f"k{n}" for n in range(49))
    )
    create(store, wide)
    wider = changed(wide, entries=(), references=(), body={"n": 1})
    with pytest.raises(TooLarge):
        store.commit(commit(Put(wider, wide), lines=[Line("m", "s", "k", "v")]))
    store.commit(commit(Put(wider, wide)))
    assert store.count("l") == 0


@pytest.mark.parametrize(
    "wrong",
    [
        record("i" * 257),
        record("a", entries=(Entry("l" * 2001, "s"),)),
        record("a", entries=(Entry("l", "s" * 977),)),
        record("a", entries=(Entry("l", "\U0001f980" * 250),)),
        record("a", entries=(Entry("l", "s", "v" * 16_385),)),
    ],
    ids=["id", "list", "sort", "sort in bytes", "view"],
)
def test_texts_that_are_too_long_are_refused(store: Store, wrong: object) -> None:
    with pytest.raises(TooLarge):
        create(store, wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        record("\ud800"),
        record("a", {"text": "\ud800"}),
        record("a", {"\udfff": 1}),
        record("a", entries=(Entry("l\ud800", "s"),)),
        record("a", entries=(Entry("l", "\ud800"),)),
        record("a", entries=(Entry("l", "s", "\ud800"),)),
        record("a", entries=(Entry("l", "a\0b"),)),
    ],
    ids=["id", "text", "key", "list", "sort", "view", "nul"],
)
def test_texts_that_cannot_be_stored_are_refused(store: Store, wrong: object) -> None:
    with pytest.raises(Invalid):
        create(store, wrong)  # type: ignore[arg-type]


def test_the_longest_texts_fit(store: Store) -> None:
    made = record("\U0001f980" * 256, entries=(Entry("l" * 2000, "s" * 976, "v" * 16_384),))
    create(store, made)
    assert read(store, made.id) == made
    assert [e.sort for e in store.page("l" * 2000, limit=5).entries] == ["s" * 976]


@pytest.mark.parametrize("name", ["l" * 2001, "\U0001f980" * 600])
def test_reading_a_list_that_cannot_be_is_refused(store: Store, name: str) -> None:
    with pytest.raises(TooLarge):
        store.page(name, limit=1)


def test_a_product_with_2000_ports_makes_2000_events(store: Store) -> None:
    events = [event("p", "created", data={"port": noise(64, n)}) for n in range(2000)]
    store.commit(commit(Put(record("p"), None), events=events))
    [item] = store.pending(10)
    assert item.events == events


def test_events_above_the_limit_are_refused_with_everything_else(store: Store) -> None:
    too_much = [event("p", data={"text": noise(1000, n)}) for n in range(700)]
    assert len(codec.encode_batch(too_much)) > limits.MAX_EVENTS
    with pytest.raises(TooLarge):
        store.commit(commit(Put(record("p"), None), events=too_much))
    assert read(store, "p") is None


def test_a_record_that_expires_may_hold_no_references(store: Store) -> None:
    with pytest.raises(ValueError, match="expires"):
        create(store, record("a", references=("k",), expires=1))


def test_a_full_commit_with_bodies_just_below_the_spill_fits(store: Store) -> None:
    made = [record(f"r{n}", {"text": noise(50 * KB, n)}) for n in range(98)]
    assert max(len(codec.encode_record(r)) for r in made) < 32 * KB
    create(store, *made, events=[event("e", data={"text": noise(200 * KB)})])
    assert len(store.get_many(r.key for r in made)) == 98
