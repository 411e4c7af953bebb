"""Instants as days, at the ends of the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from souk import clock

LAST = datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 5, 3, tzinfo=UTC), date(2026, 5, 3)),
        (datetime(2026, 5, 3, 0, 0, 0, 1, tzinfo=UTC), date(2026, 5, 4)),
        (datetime(2026, 5, 3, 23, 59, 59, tzinfo=UTC), date(2026, 5, 4)),
        (LAST - timedelta(days=1), date.max),
        (LAST, date.max),
    ],
)
def test_first_day_wholly_after_an_instant(instant: datetime, day: date) -> None:
    assert clock.first_day_after(instant) == day


def test_access_until_the_last_second_of_the_calendar_has_a_last_day() -> None:
    from souk.access.days import shown_days

    card = {"status": "approved", "start": "2026-01-01T00:00:00.000000Z", "end": "9999-12-31T23:59:59.000000Z"}
    assert shown_days(card) == (date(2026, 1, 1), date.max)  # type: ignore[arg-type]
