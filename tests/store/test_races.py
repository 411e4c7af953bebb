from __future__ import annotations

from souk.store.port import Entry, Line, Put, Stale, Store
from tests.store.making import changed, commit, create, event, read, record, until_it_holds
from tests.threads import in_threads

WRITERS = 16
ROUNDS = 5


def test_no_update_is_lost(store: Store) -> None:
    create(store, record("a", {"by": []}))

    def append(writer: int) -> None:
        for number in range(ROUNDS):

            def attempt(mark: str = f"{writer}-{number}") -> None:
                before = read(store, "a")
                assert before
                after = changed(before, body={"by": [*before.body["by"], mark]})
                store.commit(commit(Put(after, before), events=[event(mark)], lines=[Line("log", mark, mark, "")]))

            until_it_holds(attempt)

    assert in_threads([lambda w=w: append(w) for w in range(WRITERS)]) == [None] * WRITERS  # type: ignore[misc]
    marks = sorted(f"{w}-{n}" for w in range(WRITERS) for n in range(ROUNDS))
    found = read(store, "a")
    assert found
    assert sorted(found.body["by"]) == marks
    assert found.revision == 1 + len(marks)
    assert sorted(e["subject"] for item in store.pending(1000) for e in item.events) == marks
    assert store.count("log") == len(marks)


def test_events_lie_in_the_outbox_in_the_order_of_their_commits(store: Store) -> None:
    create(store, record("a", {"n": 0}))

    def count() -> None:
        for _ in range(ROUNDS):

            def attempt() -> None:
                before = read(store, "a")
                assert before
                after = changed(before, body={"n": before.body["n"] + 1})
                store.commit(commit(Put(after, before), events=[event("a", n=after.body["n"])]))

            until_it_holds(attempt)

    in_threads([count] * WRITERS)
    assert [item.events[0]["n"] for item in store.pending(1000)] == list(range(1, WRITERS * ROUNDS + 1))


def test_exactly_one_of_many_creations_wins(store: Store) -> None:
    for name in ("a", "b", "c"):
        made = [record(name, {"by": n}, entries=(Entry("all", f"{n:02d}"),)) for n in range(WRITERS)]
        results = in_threads([lambda r=r: create(store, r) for r in made])  # type: ignore[misc]
        winners = [n for n, result in enumerate(results) if result is None]
        assert len(winners) == 1
        assert {type(result) for result in results} == {type(None), Stale}
        found = read(store, name)
        assert found == made[winners[0]]
    assert store.count("all") == 3


def test_a_neighbour_in_the_queue_does_not_fail_others(store: Store) -> None:
    create(store, record("taken"))
    good = [record(f"g{n}") for n in range(WRITERS)]
    tasks = [lambda r=r: create(store, r) for r in good]
    bad = [lambda: create(store, record("taken"))] * WRITERS
    results = in_threads([task for pair in zip(tasks, bad, strict=True) for task in pair])
    assert [type(r) for r in results] == [type(None), Stale] * WRITERS
    assert len(store.get_many(r.key for r in good)) == WRITERS


def test_a_commit_over_two_records_is_seen_whole_or_not_at_all(store: Store) -> None:
    """Readers of both records in one call may see a state between two single reads, never half of a commit later on."""
    pair = record("x", {"n": 0}), record("y", {"n": 0})
    create(store, *pair)

    def move(_: int) -> None:
        for _ in range(ROUNDS):

            def attempt() -> None:
                x, y = read(store, "x"), read(store, "y")
                assert x
                assert y
                up, down = changed(x, body={"n": x.body["n"] + 1}), changed(y, body={"n": y.body["n"] - 1})
                store.commit(commit(Put(up, x), Put(down, y)))

            until_it_holds(attempt)

    assert in_threads([lambda w=w: move(w) for w in range(8)]) == [None] * 8  # type: ignore[misc]
    x, y = read(store, "x"), read(store, "y")
    assert x
    assert y
    assert (x.body["n"], y.body["n"]) == (8 * ROUNDS, -8 * ROUNDS)
