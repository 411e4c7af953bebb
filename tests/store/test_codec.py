from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from souk.errors import TooLarge, Unreadable
from souk.store import codec, cursor
from souk.store.limits import MAX_BODY
from souk.store.port import Entry, Record
from tests.store.making import record

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
NUMBERS = st.integers() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(TEXT, inner, max_size=6),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(TEXT, JSON, max_size=4)
RECORDS = st.builds(
    Record,
    kind=TEXT,
    id=TEXT,
    key=TEXT,
    revision=st.integers(1, 2**40),
    created=TEXT,
    updated=TEXT,
    body=DOCUMENTS,
    entries=st.lists(st.builds(Entry, TEXT, TEXT, TEXT), max_size=4).map(tuple),
    references=st.lists(TEXT, max_size=4).map(tuple),
    deleted=st.booleans(),
    expires=st.none() | st.integers(0, 2**33),
)


@settings(deadline=None, max_examples=150)
@given(RECORDS)
def test_a_record_comes_back(made: Record) -> None:
    again = codec.decode_record(made.key, made.revision, codec.encode_record(made))
    assert again == made
    assert repr(again) == repr(made)  # types of numbers, signs of zeros, order of keys


@settings(deadline=None, max_examples=60)
@given(st.lists(DOCUMENTS, max_size=3))
def test_events_come_back(events: list[dict[str, Any]]) -> None:
    assert repr(codec.decode_events(codec.encode_events(events))) == repr(events)
    assert repr(codec.decode_events(codec.encode_batch(events))) == repr(events)
    assert repr(codec.decode_events(codec.encode_for_now(events))) == repr(events)


def test_a_large_record_is_compressed() -> None:
    made = record("a", {"text": "word " * 1000})
    assert len(codec.encode_record(made)) < 500
    assert codec.json_size(made) > 5000


def test_a_record_may_be_as_large_as_the_limit_and_no_larger() -> None:
    fixed = codec.json_size(record("a", {"t": ""}))
    at_limit = record("a", {"t": "x" * (MAX_BODY - fixed)})
    assert codec.decode_record(at_limit.key, 1, codec.encode_record(at_limit)) == at_limit
    with pytest.raises(TooLarge):
        codec.encode_record(record("a", {"t": "x" * (MAX_BODY - fixed + 1)}))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_not_kept_as_one(value: float) -> None:
    made = record("a", {"n": value})
    assert codec.decode_record(made.key, 1, codec.encode_record(made)).body == {"n": None}


PLACE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@given(TEXT, PLACE, PLACE)
def test_a_cursor_names_its_place(name: str, sort: str, key: str) -> None:
    text = cursor.encode(name, sort, key)
    assert cursor.decode(name, text, "", None) == (sort, key)
    assert cursor.decode(name, text, sort, sort + "\x01") == (sort, key)
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


@given(TEXT, PLACE, PLACE, TEXT)
def test_a_cursor_of_another_list_is_refused(name: str, sort: str, key: str, other: str) -> None:
    text = cursor.encode(name + "!", sort, key)
    with pytest.raises(Unreadable):
        cursor.decode(other + "?", text, "", None)


@given(TEXT | st.binary(max_size=40).map(lambda raw: urlsafe_b64encode(raw).decode()))
def test_no_text_but_a_cursor_is_one(text: str) -> None:
    with pytest.raises(Unreadable):
        cursor.decode("list", text, "", None)


def test_a_cursor_over_a_creation_list_is_short() -> None:
    assert len(cursor.encode("product", "2024-05-01T10:00:00.000000Z", "k" * 24)) < 100
