"""The life of one access: pure functions of a card and an instant.

Each takes a card that was settled up to now, changes it in place, and returns what happened, in order. Callers hold a
card of their own (`record.open_case` copies it).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from souk import clock
from souk.access.model import Card, Decision
from souk.errors import Conflict

WARNING_DAYS = (7, 1)
"""Days before the end at which a notice warns."""
ENDINGS = {"canceled", "rejected", "revoked", "expired"}


class Happening(NamedTuple):
    """Something that happened to an access. `due` is the calendar's instant; None means now, by a command."""

    verb: str
    due: datetime | None = None
    days: int | None = None
    """Days left, of a warning."""


def moment(card: Card, now: datetime) -> str:
    """Now, or the instant up to which the card is settled if another machine's clock was ahead."""
    return max(clock.text(now), card["settled"])


def is_active(card: Card, now: datetime) -> bool:
    """Approved, started and not over."""
    return _is_active(card, moment(card, now))


def is_expired(card: Card, now: datetime) -> bool:
    """It was approved, and its end passed before anybody ended it."""
    end, ended = card.get("end"), card.get("ended")
    if end is None or card["status"] not in {"approved", "revoked"}:
        return False
    return end <= (moment(card, now) if ended is None else min(ended, moment(card, now)))


def state(card: Card, now: datetime) -> str:
    """One of requested, approved (not begun), active, expired, rejected, canceled, revoked."""
    if is_expired(card, now):
        return "expired"
    return "active" if is_active(card, now) else card["status"]


def is_over(card: Card, now: datetime) -> bool:
    """It is shown as ended: rejected, canceled, revoked or expired."""
    return state(card, now) in ENDINGS


def is_final(card: Card, now: datetime) -> bool:
    """Nothing brings it back. An access that was approved after its end never began: new dates may still begin it."""
    if card["status"] == "approved":
        return is_expired(card, now) and has_begun(card, now)
    return card["status"] != "requested"


def has_begun(card: Card, now: datetime) -> bool:
    """It was active at some time, or has become so since it was settled."""
    return card.get("begun", False) or _begins(card, card["settled"], moment(card, now))


def next_due(card: Card) -> str | None:
    """The first instant after `settled` at which the calendar changes or announces something."""
    if card["status"] != "approved":
        return None
    coming = [at for at in (card.get("start"), card.get("end"), *_warnings(card)) if at and at > card["settled"]]
    return min(coming, default=None)


def settle(card: Card, now: datetime) -> list[Happening]:
    """Apply the calendar from `settled` up to now: starts, warnings, ends."""
    since, upto = card["settled"], moment(card, now)
    card["settled"] = upto
    if card["status"] != "approved":
        return []
    happened = []
    start, end = card.get("start"), card.get("end")
    if start and not card["announced"] and _begins(card, since, upto):
        card["announced"] = card["begun"] = True
        happened.append(Happening("activated", clock.parse(start)))
    if card["announced"] and end and end <= upto:
        card["announced"] = False
        happened.append(Happening("deactivated", clock.parse(end)))
        happened.append(Happening("expired", clock.parse(end)))
    if end is None or end > upto:
        happened += _warned(card, since, upto)
    return happened


def approve(card: Card, now: datetime, decision: Decision, end: datetime | None = None) -> list[Happening]:
    """requested -> approved. `end` limits the access in time. Raises Conflict."""
    _demand(card, "requested", "approved")
    card["status"], card["decision"] = "approved", decision
    if card.pop("start_on_approval", False) and "start" not in card:
        card["start"] = moment(card, now)
    if end is not None:
        text = clock.text(end)
        card["end"] = min(text, card.get("end", text))
    return [Happening("approved"), *_announce(card, now)]


def reject(card: Card, decision: Decision) -> list[Happening]:
    """requested -> rejected. Raises Conflict."""
    _demand(card, "requested", "rejected")
    card["status"], card["decision"] = "rejected", decision
    return [Happening("rejected")]


def cancel(card: Card, now: datetime) -> list[Happening]:
    """requested -> canceled: the request is withdrawn. Raises Conflict."""
    _demand(card, "requested", "canceled")
    card["status"], card["ended"] = "canceled", moment(card, now)
    return [Happening("canceled")]


def end(card: Card, now: datetime) -> list[Happening]:
    """approved -> revoked, at this instant. Raises Conflict."""
    _demand(card, "approved", "ended")
    expired = is_expired(card, now)
    card["status"], card["ended"] = "revoked", moment(card, now)
    happened = [Happening("canceled"), *_announce(card, now)]
    return happened if expired else [*happened, Happening("revoked")]


def move(card: Card, now: datetime, start: str | None, end: str | None) -> list[Happening]:
    """New dates. An access that is over keeps the dates it ended with; a rejected one may say what it likes."""
    over = card["status"] in {"approved", "revoked"} and is_final(card, now)
    if over or (start, end) == (card.get("start"), card.get("end")):
        return []
    if start != card.get("start"):
        card.pop("start_on_approval", None)
    _put(card, "start", start)
    was_announced, old_end = card["announced"], card.get("end")
    _put(card, "end", end)
    happened = _announce(card, now)
    if was_announced and not happened and end != old_end:
        happened.append(Happening("prolonged"))
    return happened


def _announce(card: Card, now: datetime) -> list[Happening]:
    """Compare what was announced with the clock, after a command."""
    active = is_active(card, now)
    if active == card["announced"]:
        return []
    card["announced"] = active
    if active:
        card["begun"] = True
    return [Happening("activated" if active else "deactivated")]


def _is_active(card: Card, at: str) -> bool:
    start, end = card.get("start"), card.get("end")
    return card["status"] == "approved" and bool(start) and start <= at and (end is None or at < end)  # type: ignore[operator]


def _begins(card: Card, since: str, upto: str) -> bool:
    """Whether the calendar begins it after one instant and up to another."""
    start, end = card.get("start"), card.get("end")
    if card["status"] != "approved" or not start:
        return False
    return since < start <= upto and (end is None or start < end)


def _warnings(card: Card) -> list[str]:
    """The instants of the warnings before the end, soonest first."""
    if not card.get("end"):
        return []
    at = clock.parse(card["end"])
    if at.year < 2:
        return []
    return [clock.text(at - timedelta(days=days)) for days in WARNING_DAYS]


def _warned(card: Card, since: str, upto: str) -> list[Happening]:
    """The last warning that fell due, if any: an earlier one that was missed says nothing more."""
    due = [(at, days) for at, days in zip(_warnings(card), WARNING_DAYS, strict=False) if since < at <= upto]
    return [Happening("expiring", clock.parse(at), days) for at, days in due[-1:]]


def _put(card: Card, name: str, value: str | None) -> None:
    if value is None:
        card.pop(name, None)  # type: ignore[misc]
    else:
        card[name] = value  # type: ignore[literal-required]


def _demand(card: Card, status: str, verb: str) -> None:
    if card["status"] != status:
        raise Conflict(f"an access that is {card['status']} cannot be {verb}", status=card["status"])
