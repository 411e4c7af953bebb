"""The life of one access against a simple model, and its corners one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from souk import clock
from souk.access import days, lifecycle
from souk.access.lifecycle import Happening
from souk.access.model import Card, Decision
from souk.errors import Conflict, Invalid

NOW = datetime(2030, 5, 15, 12, tzinfo=UTC)
DECISION: Decision = {"outcome": "approved", "by": "x", "at": clock.text(NOW), "automatic": False, "override": False}
HOUR = timedelta(hours=1)
OFFSETS = st.none() | st.integers(-300, 300).map(lambda hours: hours * HOUR)


def card(status: str = "requested", start: timedelta | None = None, end: timedelta | None = None, **more: Any) -> Card:
    made: Any = {
        "type": "data",
        "subject": {"user": "a@b.c"},
        "object": {"product": "p"},
        "requester": "r",
        "status": status,
        "origin": "test",
        "announced": False,
        "settled": clock.text(NOW),
    }
    dates = {name: clock.text(NOW + offset) for name, offset in (("start", start), ("end", end)) if offset is not None}
    result: Card = made | dates | more
    return result


class OneAccess(RuleBasedStateMachine):
    """Commands and the clock in any order. The model: what was announced, when it was active, what is final."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.card = card()
        self.happened: list[Happening] = []
        self.begun = self.over = False
        self.final: str | None = None

    def act(self, happened: list[Happening]) -> None:
        self.happened += happened

    def settle(self) -> None:
        self.act(lifecycle.settle(self.card, self.now))
        self.look()

    def look(self) -> None:
        """What an observer of the clock concludes after each step."""
        self.begun = self.begun or lifecycle.is_active(self.card, self.now)
        state = lifecycle.state(self.card, self.now)
        if self.final is None and (self.card["status"] in {"rejected", "canceled", "revoked"}):
            self.final = state
        if self.final is None and state == "expired" and self.begun:
            self.final = state

    @rule(hours=st.integers(0, 100))
    def time_passes(self, hours: int) -> None:
        self.now += hours * HOUR

    @rule()
    def sweep(self) -> None:
        self.settle()

    @rule(end=OFFSETS)
    def approve(self, end: timedelta | None) -> None:
        self.settle()
        before = self.card["status"]
        try:
            self.act(lifecycle.approve(self.card, self.now, DECISION, None if end is None else self.now + end))
        except Conflict:
            assert before != "requested"
        self.look()

    @rule()
    def reject(self) -> None:
        self.settle()
        if self.card["status"] == "requested":
            self.act(lifecycle.reject(self.card, DECISION))
        self.look()

    @rule()
    def cancel(self) -> None:
        self.settle()
        if self.card["status"] == "requested":
            self.act(lifecycle.cancel(self.card, self.now))
        self.look()

    @precondition(lambda self: self.card["status"] == "approved")
    @rule()
    def end(self) -> None:
        self.settle()
        self.act(lifecycle.end(self.card, self.now))
        self.look()

    @rule(start=OFFSETS, end=OFFSETS)
    def move(self, start: timedelta | None, end: timedelta | None) -> None:
        self.settle()
        texts = (None if at is None else clock.text(self.now + at) for at in (start, end))
        self.act(lifecycle.move(self.card, self.now, *texts))
        self.look()

    @invariant()
    def activations_and_deactivations_alternate(self) -> None:
        verbs = [h.verb for h in self.happened if h.verb in {"activated", "deactivated"}]
        expected = ["activated", "deactivated"] * len(verbs)
        assert verbs == expected[: len(verbs)]
        assert self.card["announced"] == (len(verbs) % 2 == 1)

    @invariant()
    def after_settling_what_was_announced_is_what_is(self) -> None:
        copy: Card = self.card.copy()
        lifecycle.settle(copy, self.now)
        assert copy["announced"] == lifecycle.is_active(copy, self.now)
        assert lifecycle.is_active(copy, self.now) == lifecycle.is_active(self.card, self.now)
        due = lifecycle.next_due(copy)
        assert due is None or due > clock.text(self.now)

    @invariant()
    def what_is_final_stays_final(self) -> None:
        if self.final is not None:
            assert not lifecycle.is_active(self.card, self.now)
            assert lifecycle.is_final(self.card, self.now)
            assert lifecycle.state(self.card, self.now) == self.final

    @invariant()
    def due_instants_are_those_of_the_calendar(self) -> None:
        for what in self.happened:
            assert what.due is None or what.due <= self.now

    @invariant()
    def an_unsettled_change_is_due(self) -> None:
        if lifecycle.is_active(self.card, self.now) != self.card["announced"]:
            due = lifecycle.next_due(self.card)
            assert due is not None
            assert due <= clock.text(self.now)


TestOneAccess = OneAccess.TestCase
TestOneAccess.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)


def verbs(happened: list[Happening]) -> list[str]:
    return [what.verb for what in happened]


@pytest.mark.parametrize(
    ("start", "end", "at", "active"),
    [
        (None, None, 0, False),
        (None, 5, 0, False),
        (0, None, 0, True),
        (0, 1, 0, True),
        (-1, 0, 0, False),
        (0, 0, 0, False),
        (1, None, 0, False),
        (1, None, 1, True),
        (-1, 1, 1, False),
    ],
)
def test_active_from_the_start_up_to_but_not_at_the_end(
    start: int | None, end: int | None, at: int, active: bool
) -> None:
    made = card("approved", None if start is None else start * HOUR, None if end is None else end * HOUR)
    assert lifecycle.is_active(made, NOW + at * HOUR) is active


def test_a_long_sleep_settles_start_and_end_each_at_its_instant() -> None:
    made = card("approved", HOUR, 5 * HOUR)
    happened = lifecycle.settle(made, NOW + 100 * HOUR)
    assert [(what.verb, what.due) for what in happened] == [
        ("activated", NOW + HOUR),
        ("deactivated", NOW + 5 * HOUR),
        ("expired", NOW + 5 * HOUR),
    ]
    assert lifecycle.settle(made, NOW + 200 * HOUR) == []


def test_approved_after_its_end_it_never_was_active_and_new_dates_begin_it() -> None:
    made = card(start=-5 * HOUR, end=-HOUR)
    assert verbs(lifecycle.approve(made, NOW, DECISION)) == ["approved"]
    assert lifecycle.settle(made, NOW + HOUR) == []
    assert not lifecycle.is_final(made, NOW + HOUR)
    assert verbs(lifecycle.move(made, NOW + HOUR, made["start"], None)) == ["activated"]


def test_an_expired_access_stays_expired_against_new_dates() -> None:
    made = card("approved", -5 * HOUR, 5 * HOUR, announced=True, begun=True)
    later = NOW + 6 * HOUR
    lifecycle.settle(made, later)
    assert lifecycle.move(made, later, made["start"], clock.text(later + 99 * HOUR)) == []
    assert lifecycle.state(made, later) == "expired"


def test_an_unsettled_expiry_is_as_final_as_a_settled_one() -> None:
    made = card("approved", HOUR, 5 * HOUR)
    assert lifecycle.is_final(made, NOW + 6 * HOUR)


def test_a_clock_that_runs_behind_changes_nothing_back() -> None:
    made = card("approved", HOUR)
    assert verbs(lifecycle.settle(made, NOW + HOUR)) == ["activated"]
    behind = NOW + HOUR / 2
    assert lifecycle.is_active(made, behind)
    assert lifecycle.settle(made, behind) == []
    assert lifecycle.move(made, behind, made["start"], clock.text(NOW + 9 * HOUR)) == [Happening("prolonged")]


@pytest.mark.parametrize(
    ("days_left", "settle_after", "warned"),
    [(10, 0, []), (10, 3, [7]), (10, 9, [1]), (3, 2, [1]), (8, 7.5, [1]), (10, 11, []), (0.5, 0.2, [])],
)
def test_warnings_come_seven_days_and_one_day_before_the_end(
    days_left: float, settle_after: float, warned: list[int]
) -> None:
    made = card("approved", -HOUR, timedelta(days=days_left), announced=True, begun=True)
    happened = lifecycle.settle(made, NOW + timedelta(days=settle_after))
    assert [what.days for what in happened if what.verb == "expiring"] == warned


def test_an_extension_warns_again() -> None:
    made = card("approved", -HOUR, timedelta(days=10), announced=True, begun=True)
    at = NOW + timedelta(days=4)
    assert verbs(lifecycle.settle(made, at)) == ["expiring"]
    lifecycle.move(made, at, made["start"], clock.text(at + timedelta(days=20)))
    assert verbs(lifecycle.settle(made, at + timedelta(days=13))) == ["expiring"]


@pytest.mark.parametrize("year", [1, 2, 9998, 9999])
def test_dates_at_the_edges_of_the_calendar(year: int) -> None:
    made = card("approved", -HOUR)
    end = clock.text(datetime(year, 12, 31, tzinfo=UTC))
    lifecycle.move(made, NOW, clock.text(datetime(1, 1, 1, tzinfo=UTC)), end)
    lifecycle.settle(made, NOW)
    assert lifecycle.is_active(made, NOW) is (year > 2030)
    assert days.shown_days(made) == (date(1, 1, 1), date(year, 12, 31))


def test_cancelling_before_the_start_shows_an_end_before_it() -> None:
    made = card("approved", timedelta(days=5))
    assert verbs(lifecycle.end(made, NOW)) == ["canceled", "revoked"]
    assert days.shown_days(made) == (date(2030, 5, 20), date(2030, 5, 15))
    assert days.meant(made, date(2030, 5, 20), date(2030, 5, 15)) == (made["start"], None)
    with pytest.raises(Invalid):
        days.meant(made, date(2030, 5, 21), date(2030, 5, 15))


def test_days_that_come_back_as_shown_keep_their_instants() -> None:
    made = card("approved", 3 * HOUR, 77 * HOUR)
    shown = days.shown_days(made)
    assert shown == (date(2030, 5, 15), date(2030, 5, 19))
    assert days.meant(made, *shown) == (made["start"], made["end"])
    assert days.meant(made, shown[0], date(2030, 5, 18)) == (made["start"], "2030-05-18T00:00:00.000000Z")


def test_an_access_ended_after_it_expired_is_still_told_as_expired() -> None:
    made = card("approved", -9 * HOUR, -HOUR)
    assert verbs(lifecycle.end(made, NOW)) == ["canceled"]
    assert lifecycle.state(made, NOW) == "expired"
    assert days.shown_days(made)[1] == date(2030, 5, 15)
