"""Days for doors that know no instants: what is shown, and what sent days mean."""

from __future__ import annotations

from datetime import date

from souk import clock
from souk.access.model import Card
from souk.errors import Invalid


def shown_days(card: Card) -> tuple[date | None, date | None]:
    """The UTC day of the start, and the first UTC day after the end, or the day of the ending if that is earlier."""
    start, end, ended = card.get("start"), card.get("end"), card.get("ended")
    first = clock.parse(start).date() if start else None
    last = clock.first_day_after(clock.parse(end)) if end else None
    if ended and card["status"] == "revoked":
        day = clock.parse(ended).date()
        last = min(last, day) if last else day
    return first, last


def meant(card: Card | None, start: date | None, end: date | None) -> tuple[str | None, str | None]:
    """The instants that sent days mean: a day as it was shown means its old instant, another one its midnight.

    Raises Invalid when a change puts the end before the start. Days that come back unchanged are never refused.
    """
    shown = shown_days(card) if card else (None, None)
    if (start, end) != shown and start and end and end < start:
        raise Invalid(f"the end date {end} lies before the start date {start}")
    old = (card.get("start"), card.get("end")) if card else (None, None)
    return tuple(  # type: ignore[return-value]
        kept if day == seen else (clock.text(clock.midnight(day)) if day else None)
        for day, seen, kept in zip((start, end), shown, old, strict=True)
    )
