"""Policies as data: which rule applies, what it says, and what is refused as a policy."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souk.access import policy
from souk.errors import Invalid

NOW = datetime(2031, 1, 31, 10, tzinfo=UTC)
FACTS = {"type": "data", "port": None, "subject": {"user": "a@b.c"}, "requester": {"groups": ["x", "y"]}, "n": 3}


def is_(fact: str, operator: str, value: Any) -> dict[str, Any]:
    return {"fact": fact, "operator": operator, "value": value}


TRUE, FALSE = is_("n", "equal", 3), is_("n", "equal", 4)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (TRUE, True),
        (FALSE, False),
        ({"not": FALSE}, True),
        ({"all": []}, True),
        ({"any": []}, False),
        ({"all": [TRUE, FALSE]}, False),
        ({"any": [FALSE, {"not": FALSE}]}, True),
        (is_("n", "notEqual", 4), True),
        (is_("n", "in", [1, 3]), True),
        (is_("n", "notIn", [1, 3]), False),
        (is_("requester.groups", "contains", "x"), True),
        (is_("requester.groups", "doesNotContain", "z"), True),
        (is_("n", "lessThan", 4), True),
        (is_("n", "lessThanInclusive", 3), True),
        (is_("n", "greaterThan", 3), False),
        (is_("n", "greaterThanInclusive", 3), True),
        (is_("n", "lessThan", "text"), False),
        (is_("n", "contains", "x"), False),
        (is_("subject.user", "equal", "a@b.c"), True),
        (is_("subject.team", "equal", "t"), False),
        (is_("port", "notEqual", "p"), False),
        (is_("nothing.at.all", "notEqual", 1), False),
    ],
)
def test_conditions(condition: dict[str, Any], expected: bool) -> None:
    assert policy.holds(condition, FACTS) is expected


def test_the_first_rule_that_holds_counts_else_the_default() -> None:
    rules = [
        {"conditions": FALSE, "event": {"type": "deny"}},
        {"name": "second", "conditions": TRUE, "event": {"type": "approve"}},
        {"conditions": TRUE, "event": {"type": "deny"}},
    ]
    found = policy.evaluate({"rules": rules, "default": {"type": "deny"}, "version": "v1"}, FACTS)
    assert found == ({"type": "approve"}, "second", "v1")
    assert policy.evaluate({"rules": rules[:1], "default": {"type": "deny"}}, FACTS).rule == "default"


@pytest.mark.parametrize(
    ("duration", "unit", "end"),
    [
        (5, "hours", "2031-01-31T15:00"),
        (2, "days", "2031-02-02T10:00"),
        (1, "weeks", "2031-02-07T10:00"),
        (1, "months", "2031-02-28T10:00"),
        (13, "months", "2032-02-29T10:00"),
        (1, "years", "2032-01-31T10:00"),
    ],
)
def test_durations_follow_the_calendar(duration: int, unit: str, end: str) -> None:
    assert policy.after(NOW, duration, unit).isoformat()[:16] == end


@pytest.mark.parametrize(("duration", "unit"), [(0, "days"), (-1, "days"), (True, "days"), (1, "moons")])
def test_what_is_no_duration(duration: int, unit: str) -> None:
    with pytest.raises(Invalid):
        policy.after(NOW, duration, unit)


@given(st.integers(min_value=1, max_value=50_000), st.sampled_from(policy.UNITS[:3]))
def test_a_duration_ends_later(duration: int, unit: str) -> None:
    assert policy.after(NOW, duration, unit) > NOW


@given(st.integers(min_value=10**8), st.sampled_from(policy.UNITS))
def test_a_duration_beyond_the_calendar_is_refused(duration: int, unit: str) -> None:
    with pytest.raises(Invalid, match="calendar"):
        policy.after(NOW, duration, unit)


REVIEW = {"type": "review", "stages": [{"any": [{"type": "owner"}]}]}
BAD: list[Any] = [
    None,
    [],
    {},
    {"default": {"type": "dance"}},
    {"default": {"type": "review"}},
    {"default": {"type": "review", "stages": []}},
    {"default": {"type": "review", "stages": [{"any": []}]}},
    {"default": {"type": "review", "stages": [{"any": [{"type": "owner"}], "all": [{"type": "owner"}]}]}},
    {"default": {"type": "review", "stages": [{"all": [{"type": "nobody"}]}]}},
    {"default": {"type": "review", "stages": [{"all": [{"type": "owner"}] * 41}]}},
    {"default": {"type": "approve", "duration": 0}},
    {"default": {"type": "approve", "duration": 1, "unit": "moons"}},
    {"default": {"type": "approve", "duration": True}},
    {"default": {"type": "deny"}, "rules": {}},
    {"default": {"type": "deny"}, "rules": [1]},
    {"default": {"type": "deny"}, "rules": [{"conditions": TRUE}]},
    {"default": {"type": "deny"}, "rules": [{"event": REVIEW}]},
    {
        "default": {"type": "deny"},
        "rules": [{"event": REVIEW, "conditions": {"fact": "n", "operator": "~", "value": 1}}],
    },
    {"default": {"type": "deny"}, "rules": [{"event": REVIEW, "conditions": {"fact": "n", "operator": []}}]},
    {"default": {"type": "deny"}, "rules": [{"event": REVIEW, "conditions": {"all": TRUE}}]},
    {"default": {"type": "deny"}, "rules": [{"event": REVIEW, "conditions": TRUE}] * 101},
]


@pytest.mark.parametrize("bad", BAD, ids=repr)
def test_what_is_no_policy(bad: Any) -> None:
    assert policy.check(bad)


def test_conditions_may_not_be_nested_without_end() -> None:
    condition: dict[str, Any] = TRUE
    for _ in range(200):
        condition = {"not": condition}
    assert policy.check({"default": {"type": "deny"}, "rules": [{"event": REVIEW, "conditions": condition}]})


@pytest.mark.parametrize(
    "good", [policy.DEFAULT, policy.APPROVE, {"default": REVIEW}, {"default": {"type": "delegate"}}]
)
def test_what_is_a_policy(good: policy.Policy) -> None:
    assert policy.check(good) == []
