from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souk.events.ids import MAX_INDEX, MAX_NUMBER, Position, event_id, notice_id, position_of

NUMBERS = st.integers(1, MAX_NUMBER)
PLACES = st.integers(0, MAX_INDEX)
POSITIONS = st.builds(Position, NUMBERS, PLACES, st.booleans())


@given(POSITIONS)
def test_an_id_carries_its_position(position: Position) -> None:
    text = event_id(*position)
    assert position_of(text) == position
    assert UUID(text).version == 8
    assert UUID(text).variant == "specified in RFC 4122"
    assert str(UUID(text)) == text


@given(NUMBERS, PLACES, NUMBERS, PLACES)
def test_batches_sort_as_numbers(number: int, place: int, other: int, other_place: int) -> None:
    if_sorted = sorted([event_id(number, place), event_id(other, other_place)])
    assert position_of(if_sorted[0])[:1] <= position_of(if_sorted[1])[:1]  # type: ignore[index]


def test_ids_of_one_batch_differ() -> None:
    assert len({event_id(1, place) for place in range(3000)}) == 3000


@given(POSITIONS, st.integers(0, 31), st.sampled_from("0123456789abcdef"))
def test_an_altered_id_is_unknown(position: Position, at: int, digit: str) -> None:
    text = event_id(*position)
    digits = text.replace("-", "")
    altered = str(UUID(digits[:at] + digit + digits[at + 1 :]))
    assert (position_of(altered) == position) == (altered == text)
    assert position_of(altered) is None or altered == text


@given(st.text() | st.uuids().map(str) | POSITIONS.map(lambda p: event_id(*p).upper() + "x"))
def test_other_texts_are_unknown(text: str) -> None:
    assert position_of(text) is None


@pytest.mark.parametrize(
    "text", ["", "-", "0" * 36, "00000000-0000-8000-8000-000000000000", "ffffffff-ffff-8fff-bfff-ffffffffffff"]
)
def test_made_up_ids_are_unknown(text: str) -> None:
    assert position_of(text) is None


def test_spellings_that_differ_are_unknown() -> None:
    text = event_id(0xABCDEF, 3)
    assert position_of(text.upper()) is None
    assert position_of("{" + text + "}") is None
    assert position_of(text + "\n") is None


@pytest.mark.parametrize(("number", "place"), [(0, 0), (1, -1), (MAX_NUMBER + 1, 0), (1, MAX_INDEX + 1)])
def test_no_id_for_a_place_that_cannot_be(number: int, place: int) -> None:
    with pytest.raises(ValueError, match="no event"):
        event_id(number, place)


def test_a_notice_has_the_same_id_again_and_no_position() -> None:
    item = str(uuid4())
    made = notice_id(item, 0)
    assert made == notice_id(item, 0)
    assert len({notice_id(item, n) for n in range(100)} | {notice_id(item + "x", 0)}) == 101
    assert UUID(made).version == 8
    assert position_of(made) is None
