from __future__ import annotations

import pytest

from souk.ids import record_key
from souk.store.port import Put, Stale, StillReferenced, Store
from tests.store.making import changed, commit, create, deleted, read, record, until_it_holds
from tests.threads import in_threads

TARGET = record("target")


def pointing(name: str, *targets: str) -> tuple[str, ...]:
    return tuple(record_key("thing", target) for target in targets)


def delete_target(store: Store) -> None:
    store.commit(commit(Put(deleted(TARGET), TARGET), unreferenced=[TARGET.key]))


def test_a_reference_forbids_the_delete_until_it_is_gone(store: Store) -> None:
    link = record("link", references=(TARGET.key,))
    create(store, TARGET, link)
    with pytest.raises(StillReferenced) as raised:
        delete_target(store)
    assert raised.value.args == (TARGET.key,)
    assert read(store, "target") == TARGET
    store.commit(commit(Put(changed(link, references=()), link)))
    delete_target(store)
    assert read(store, "target") == deleted(TARGET)


def test_a_reference_may_come_before_its_target(store: Store) -> None:
    create(store, record("link", references=(TARGET.key,)))
    create(store, TARGET)
    with pytest.raises(StillReferenced):
        delete_target(store)


def test_each_of_several_references_counts(store: Store) -> None:
    links = [record(f"link{n}", references=(TARGET.key,)) for n in range(3)]
    create(store, TARGET, *links)
    for link in links:
        with pytest.raises(StillReferenced):
            delete_target(store)
        store.commit(commit(Put(deleted(link), link)))
    delete_target(store)


def test_a_reference_that_is_kept_is_counted_once(store: Store) -> None:
    first = record("link", references=(TARGET.key,))
    second, third = changed(first), deleted(changed(first))
    create(store, TARGET, first)
    store.commit(commit(Put(second, first)))
    store.commit(commit(Put(third, second)))
    delete_target(store)


def test_target_and_reference_may_be_deleted_together(store: Store) -> None:
    links = [record(f"link{n}", references=(TARGET.key,)) for n in range(2)]
    create(store, TARGET, *links)
    store.commit(
        commit(Put(deleted(TARGET), TARGET), *(Put(deleted(link), link) for link in links), unreferenced=[TARGET.key])
    )
    assert read(store, "target") == deleted(TARGET)


def test_deleting_one_of_two_references_with_the_target_is_not_enough(store: Store) -> None:
    links = [record(f"link{n}", references=(TARGET.key,)) for n in range(2)]
    create(store, TARGET, *links)
    with pytest.raises(StillReferenced):
        store.commit(commit(Put(deleted(TARGET), TARGET), Put(deleted(links[0]), links[0]), unreferenced=[TARGET.key]))
    assert read(store, "link0") == links[0]


def test_a_reference_moved_from_one_record_to_another_in_one_commit(store: Store) -> None:
    old = record("old", references=(TARGET.key,))
    create(store, TARGET, old)
    store.commit(commit(Put(changed(old, references=()), old), Put(record("new", references=(TARGET.key,)), None)))
    with pytest.raises(StillReferenced):
        delete_target(store)


def test_stale_comes_before_still_referenced(store: Store) -> None:
    create(store, changed(TARGET), record("link", references=(TARGET.key,)))
    with pytest.raises(Stale):
        delete_target(store)


def test_a_delete_and_a_new_reference_never_both_succeed(store: Store) -> None:
    """The reference is made only where its target stands, as agreements are; whoever is first wins."""
    outcomes = set()
    for number in range(12):
        target = record(f"t{number}")
        link = record(f"l{number}", references=(target.key,))
        create(store, target)

        def delete(target=target) -> None:  # type: ignore[no-untyped-def]
            store.commit(commit(Put(deleted(target), target), unreferenced=[target.key]))

        def refer(target=target, link=link) -> None:  # type: ignore[no-untyped-def]
            from souk.store.port import Check

            store.commit(commit(Put(link, None), checks=[Check(target.key, 1)]))

        results = in_threads([delete, refer] if number % 2 else [refer, delete])
        gone = store.get_many([target.key])[target.key].deleted
        linked = link.key in store.get_many([link.key])
        assert gone != linked
        assert sum(result is None for result in results) == 1
        outcomes.add(gone)
    assert outcomes <= {True, False}


def test_counters_are_right_after_many_concurrent_changes(store: Store) -> None:
    create(store, TARGET)
    links = [record(f"link{n}", references=(TARGET.key,)) for n in range(16)]

    def come_and_go(n: int) -> None:
        link = links[n]
        until_it_holds(lambda: create(store, link))
        on, off = link, changed(link, references=())
        until_it_holds(lambda: store.commit(commit(Put(off, on))))
        until_it_holds(lambda: store.commit(commit(Put(changed(off, references=(TARGET.key,)), off))))

    assert in_threads([lambda n=n: come_and_go(n) for n in range(16)]) == [None] * 16  # type: ignore[misc]
    for number, link in enumerate(links):
        with pytest.raises(StillReferenced):
            delete_target(store)
        last = read(store, f"link{number}")
        assert last
        store.commit(commit(Put(deleted(last), last)))
        assert last.references == link.references
    delete_target(store)
