"""Time: instants are aware UTC datetimes in memory and fixed-width text at rest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta


def now() -> datetime:
    """The present instant, UTC, microseconds."""
    return datetime.now(UTC)


def text(instant: datetime) -> str:
    """RFC 3339 UTC with six digits of fraction: sorts as it reads."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if instant.year > 999 else _old(instant)


def _old(instant: datetime) -> str:
    """strftime does not pad years below 1000 on every platform."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def parse(value: str) -> datetime:
    """The instant that `text` wrote, or any RFC 3339 text. Raises ValueError."""
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError(f"no time zone: {value!r}")
    return instant.astimezone(UTC)


def midnight(day: date) -> datetime:
    """The first instant of a UTC day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def first_day_after(instant: datetime) -> date:
    """The first UTC day that lies wholly at or after the instant; the calendar's last day for an instant on it."""
    day = instant.astimezone(UTC).date()
    return day if instant == midnight(day) or day == date.max else day + timedelta(days=1)
