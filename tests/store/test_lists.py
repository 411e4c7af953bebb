from __future__ import annotations

from functools import partial

import pytest

from souk.errors import Unreadable
from souk.store.port import Entry, Line, Put, Store
from souk.work import Work, run
from tests.store.making import all_of, changed, commit, create, deleted, fill, listed, record, sorts

NUMBERS = [f"{n:05d}" for n in range(1203)]


def test_a_list_is_in_order_of_bytes_then_of_keys(store: Store) -> None:
    texts = ["b", "a", "", "ab", "a\x01", "Z", "é", "e\u0301", "\U0001f980", "\ufffd", "a b", "a-b", "a"]
    for number, text in enumerate(texts):
        create(store, listed(f"r{number}", "l", text))
    entries = store.page("l", limit=100).entries
    assert [e.sort.encode() for e in entries] == sorted(text.encode() for text in texts)
    assert [(e.sort.encode(), e.key) for e in entries] == sorted((e.sort.encode(), e.key) for e in entries)


@pytest.mark.parametrize("limit", [7, 1000])
@pytest.mark.parametrize("reverse", [False, True])
def test_pages_are_full_and_miss_nothing(store: Store, limit: int, reverse: bool) -> None:
    texts = NUMBERS[: limit + 203]
    fill(store, "l", texts)
    pages = all_of(store, "l", limit, reverse=reverse)
    assert sorts(pages) == sorted(texts, reverse=reverse)
    assert {len(page.entries) for page in pages[:-1]} == {limit}
    assert len(pages) == -(-len(texts) // limit)


def test_the_last_page_has_no_cursor_even_if_it_is_full(store: Store) -> None:
    fill(store, "l", ["1", "2", "3", "4"])
    first = store.page("l", limit=2)
    assert first.cursor is not None
    assert store.page("l", limit=2, cursor=first.cursor).cursor is None
    assert store.page("l", limit=4).cursor is None
    assert store.page("nothing", limit=1) == ([], None)


BOUNDS = [
    ("", None),
    ("b", None),
    ("", "c"),
    ("b", "c"),
    ("bb", "bb"),
    ("c", "b"),
    ("", ""),
    ("a\x01", "b\x01"),
    ("zz", None),
]


@pytest.mark.parametrize("reverse", [False, True])
def test_bounds_include_the_low_and_exclude_the_high_end(store: Store, reverse: bool) -> None:
    texts = ["", "a", "a\x01", "ab", "b", "b\x01", "bb", "bc", "c", "ca"]
    fill(store, "l", texts)
    for low, high in BOUNDS:
        wanted = sorted((t for t in texts if t >= low and (high is None or t < high)), reverse=reverse)
        assert sorts(all_of(store, "l", 2, low=low, high=high, reverse=reverse)) == wanted
        assert store.count("l", low=low, high=high) == len(wanted)


def test_a_list_larger_than_a_storage_page_is_read_whole(store: Store) -> None:
    texts = NUMBERS[:150]
    fill(store, "l", texts, view="v" * 16_000)  # 2.4 MB
    page = store.page("l", limit=1000)
    assert [e.sort for e in page.entries] == texts
    assert {len(e.view) for e in page.entries} == {16_000}
    assert store.count("l") == 150


def test_a_cursor_stays_right_while_entries_come_and_go(store: Store) -> None:
    a, b, c = (listed(name, "l", name) for name in "abc")
    create(store, a, b, c)
    first = store.page("l", limit=2)
    store.commit(commit(Put(deleted(b), b), Put(listed("aa", "l", "aa"), None), Put(listed("bb", "l", "bb"), None)))
    assert sorts([store.page("l", limit=5, cursor=first.cursor)]) == ["bb", "c"]


def test_a_cursor_of_another_list_is_refused(store: Store) -> None:
    fill(store, "l", ["1", "2"])
    fill(store, "m", ["1", "2"])
    cursor = store.page("l", limit=1).cursor
    with pytest.raises(Unreadable):
        store.page("m", limit=1, cursor=cursor)


@pytest.mark.parametrize("cursor", ["", "x", "é", "AAAA", "a b", "=", "AAAAAGEAYg", "\ud800", "A" * 5000])
def test_a_cursor_that_was_made_up_is_refused(store: Store, cursor: str) -> None:
    with pytest.raises(Unreadable):
        store.page("l", limit=1, cursor=cursor)


def test_a_cursor_outside_the_bounds_is_refused(store: Store) -> None:
    fill(store, "l", ["1", "2", "3", "4"])
    cursor = store.page("l", limit=3).cursor
    with pytest.raises(Unreadable):
        store.page("l", limit=1, cursor=cursor, high="3")
    with pytest.raises(Unreadable):
        store.page("l", limit=1, cursor=cursor, low="31")


@pytest.mark.parametrize("limit", [0, 1001, -1])
def test_a_page_has_1_to_1000_entries(store: Store, limit: int) -> None:
    with pytest.raises(ValueError, match="page"):
        store.page("l", limit=limit)


def test_entries_follow_their_record(store: Store) -> None:
    first = record("a", entries=(Entry("all", "1"), Entry("by-owner/x", "1"), Entry("stays", "1", "old")))
    second = changed(first, entries=(Entry("all", "2"), Entry("by-owner/y", "1"), Entry("stays", "1", "new")))
    create(store, first)
    store.commit(commit(Put(second, first)))
    assert sorts(all_of(store, "all", 10)) == ["2"]
    assert store.count("by-owner/x") == 0
    assert store.count("by-owner/y") == 1
    assert [e.view for e in store.page("stays", limit=5).entries] == ["new"]
    store.commit(commit(Put(deleted(second), second)))
    assert [store.count(name) for name in ("all", "by-owner/y", "stays")] == [0, 0, 0]


def test_lines_are_appended_beside_records(store: Store) -> None:
    lines = [Line("log/p", "2024-01-01", f"{n}", f"line {n}") for n in range(3)]
    store.commit(commit(Put(record("a"), None), lines=lines))
    store.commit(commit(lines=[Line("log/p", "2024-01-02", "0", "later")]))
    newest = store.page("log/p", limit=10, reverse=True).entries
    assert [e.view for e in newest] == ["later", "line 2", "line 1", "line 0"]


def test_a_mark_overwrites_what_stands_at_its_place(store: Store) -> None:
    for view in ("first", "second"):
        run(store, partial(Work.mark, list_name="marks", place="place", view=view))
    twice = Work(store)
    twice.mark("marks", "other", "once")
    twice.mark("marks", "other", "again")
    twice.commit()
    entries = store.page("marks", limit=10).entries
    assert [(entry.sort, entry.view) for entry in entries] == [("other", "again"), ("place", "second")]


def test_what_is_to_be_read_along_is_read_with_the_next_batch(store: Store) -> None:
    one, two, three = record("one"), record("two"), record("three")
    create(store, one, two, three)
    work = Work(store)
    work.along([one.key])
    work.along([two.key])
    work.fetch([three.key])
    store.commit(commit(Put(changed(one, updated="2024-05-02T10:00:00.000000Z"), one)))
    assert [work.revision(key) for key in (one.key, two.key, three.key)] == [1, 1, 1]


def test_a_line_without_a_view_and_a_list_with_an_odd_name(store: Store) -> None:
    store.commit(commit(lines=[Line("a/b#\U0001f980 \0", "s", "k", "")]))
    assert store.page("a/b#\U0001f980 \0", limit=1).entries == [("k", "s", "")]
