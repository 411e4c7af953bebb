"""Bringing grants in line with accesses. Each step may be repeated, in any order, by several at once.

What was planned is recorded before the system is asked, so that nothing that was given is ever forgotten; what came
of it is recorded under the number of its attempt, so that a slow attempt cannot speak for a later one. An attempt of
which nothing is heard, and one that failed, is due again later, at growing intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from souk import clock
from souk.access import grants, lifecycle, model, queries, record
from souk.access.due import settles
from souk.access.grants import Card
from souk.errors import Failed, Invalid
from souk.grantors.connect import connect
from souk.grantors.port import Grantor, Permission, Wish
from souk.products.card import Card as ProductCard
from souk.store.port import EntityStore, Record
from souk.work import Work, run

_FIRST_RETRY = timedelta(minutes=1)
_LONGEST_RETRY = timedelta(hours=6)
_HOPELESS = 10
"""Failures in a row after which the longest pause has come."""
_REPORT_WITHIN = timedelta(minutes=30)
Outcome = Callable[[Card], None]


class _Attempt(NamedTuple):
    """What is to be done outside, between two commits."""

    key: str
    number: int
    subjects: list[model.Subject]
    give: list[Permission]
    take: list[Permission]


def apply_access(store: EntityStore, access_key: str, *, anew: bool = False) -> None:
    """Bring the system in line with the access at this key, or with its absence.

    An attempt that another is making is left to it, and what is granted is left alone, unless `anew`. What the system
    refuses is recorded, not raised. Raises Busy and Failed of the store.
    """
    grantor = connect()
    if not (grantor.applies or grantor.reports):
        return
    attempt = run(store, partial(_begin, access_key, grantor, anew))
    if attempt is not None and grantor.applies:
        run(store, partial(_finish, attempt, _attempted(store, grantor, attempt)))


def settle_grant(work: Work, found: Record) -> None:
    """A grant is due: have it tried again, by whoever may. Told to the bus, since the sweep itself grants nothing."""
    card = grants.card_of(found).copy()
    grantor = connect()
    if not (grantor.applies or grantor.reports):
        card.pop("due", None)
        grants.keep(work, card)
    elif card.get("due", "9") <= clock.text(work.now):
        card["tries"] += card["state"] == "pending"
        card["due"] = clock.text(work.now + _pause(card["tries"] + 1))
        grants.keep(work, card)
        work.notice("grant.due", id=card["access"], key=card["key"])


def succeeded(card: Card) -> None:
    """The system does what the access says."""
    card["state"], card["tries"] = "granted", 0
    card.pop("reason", None)
    card.pop("due", None)


def failed(reason: str, *, again: bool, now: str) -> Outcome:
    """The system did not; unless `again`, another try is hopeless before something changes, and made seldom."""

    def change(card: Card) -> None:
        card["state"], card["reason"] = "failed", reason[:500]
        card["tries"] = max(card["tries"] + 1, 0 if again else _HOPELESS)
        card["due"] = clock.text(clock.parse(now) + _pause(card["tries"]))

    return change


def conclude(work: Work, found: Record, outcome: Outcome) -> None:
    """Record how an attempt ended. A grant that is no longer wanted goes when all of it was taken back."""
    card = grants.card_of(found).copy()
    outcome(card)
    card["at"] = clock.text(work.now)
    if card["state"] == "granted" and not card["wanted"]:
        work.remove(found)
    else:
        grants.keep(work, card)
    if card["state"] in {"failed", "drifted"}:
        work.notice(f"grant.{card['state']}", **told(card), reason=card.get("reason", ""))


def told(card: Card) -> dict[str, object]:
    """What notices say of a grant."""
    facts = {"key": card["key"], "attempt": card["attempt"], "product": card["product"], "subject": card["subject"]}
    wanted = "grant" if card["wanted"] else "revoke"
    return {"id": card["access"], **facts, "action": wanted, "end": card.get("end")}


def _begin(access_key: str, grantor: Grantor, anew: bool, work: Work) -> _Attempt | None:
    """Record what is to be done; None if nothing is."""
    work.fetch([access_key, grants.key_of(access_key)])
    access, former = work.at(access_key), grants.find_grant(work, access_key)
    given = _in_force(access, work)
    if former is None and given is None:
        return None
    card = _next(work, access, former, wanted=given is not None)
    before = grants.card_of(former) if former else None
    try:
        planned = grantor.plan(_wish(work, given)) if given else []
    except Invalid as error:
        _note_refusal(work, card, before, error.message)
        return None
    if before is not None and not anew and _stands(before, card, planned, clock.text(work.now)):
        return None
    take = [one for one in card["held"] if one not in planned]
    card["held"] = [*planned, *take]
    card["due"] = clock.text(work.now + (_REPORT_WITHIN if grantor.reports else _pause(card["tries"] + 1)))
    grants.keep(work, card)
    if grantor.reports:
        work.notice("grant.requested", **told(card))
    subjects = [card["subject"], *([before["subject"]] if before else [])]
    return _Attempt(access_key, card["attempt"], subjects, planned, _unneeded(work, access_key, subjects, take))


def _in_force(access: Record | None, work: Work) -> model.Card | None:
    """The card of a data access that is active."""
    if access is None or access.kind != model.KIND:
        return None
    card = record.card_of(access)
    return card if card["type"] == model.DATA and lifecycle.is_active(card, work.now) else None


def _next(work: Work, access: Record | None, former: Record | None, *, wanted: bool) -> Card:
    """The grant's card for a new attempt."""
    before = grants.card_of(former) if former else None
    if before is None:
        assert access is not None
        given = record.card_of(access)
        about = {"access": access.id, "key": access.key, "product": given["object"]["product"]}
        before = {**about, "subject": given["subject"], "attempt": 0, "tries": 0, "held": []}  # type: ignore[assignment]
    card: Card = {**before, "wanted": wanted, "state": "pending", "at": clock.text(work.now)}  # type: ignore[typeddict-item]
    card["attempt"] += 1
    card.pop("end", None)
    if access is not None:
        now = record.card_of(access)
        card["subject"], card["product"] = now["subject"], now["object"]["product"]
        if now.get("end"):
            card["end"] = now["end"]
    return card


def _stands(before: Card, card: Card, planned: list[Permission], now: str) -> bool:
    """Whether nothing is to be done: it is granted as planned, or an attempt at the same is under way."""
    same = all(before.get(name) == card.get(name) for name in ("wanted", "end", "subject", "product"))
    if not same or any(one not in before["held"] for one in planned):
        return False
    if before["state"] == "granted":
        return len(planned) == len(before["held"])
    return before["state"] == "pending" and before.get("due", "") > now


def _wish(work: Work, card: model.Card) -> Wish:
    found = work.find("product", card["object"]["product"])
    if found is None:
        raise Invalid("the data product is gone")
    product: ProductCard = found.body["card"]
    wanted = card["object"].get("port")
    ports = [port for port in product["ports"] if wanted in {None, port["id"]}]
    return Wish(model.subject_keys(card["subject"])[0], found.id, product.get("owner", ""), ports)


def _note_refusal(work: Work, card: Card, before: Card | None, reason: str) -> None:
    """The system has no words for the access: that is said once, until something changes."""
    if before is None or (before["state"], before.get("reason")) != ("failed", reason):
        found = grants.keep(work, card)
        conclude(work, found, failed(reason, again=False, now=clock.text(work.now)))


def _unneeded(
    work: Work, access_key: str, subjects: Iterable[model.Subject], take: list[Permission]
) -> list[Permission]:
    """Of what is to be taken, that which no other access of these subjects gives. Whoever gives it must go on doing so.

    Of two that end at the same time, one so finds the other changed, looks again, and takes what they shared.
    """
    return [one for one in take if not _also_given(work, access_key, subjects, one)] if take else []


def _also_given(work: Work, access_key: str, subjects: Iterable[model.Subject], permission: Permission) -> bool:
    for name in dict.fromkeys(model.subject_keys(subject)[0] for subject in subjects):
        others = [found.key for found in queries.by_subject(work, name) if found.key != access_key]
        work.fetch(map(grants.key_of, others))
        for found in filter(None, (grants.find_grant(work, key) for key in others)):
            if grants.card_of(found)["wanted"] and permission in grants.card_of(found)["held"]:
                work.unchanged(found)
                return True
    return False


def _attempted(store: EntityStore, grantor: Grantor, attempt: _Attempt) -> Outcome:
    """Do it, and tell how it went."""
    now = clock.text(clock.now())
    try:
        for permission in attempt.take:
            grantor.revoke(permission)
        for permission in (*attempt.give, *_taken_from_others(store, attempt)):
            grantor.grant(permission)
    except Invalid as error:
        return failed(error.message, again=False, now=now)
    except Failed as error:
        return failed(error.message, again=True, now=now)

    def done(card: Card) -> None:
        succeeded(card)
        card["held"] = attempt.give

    return done


def _taken_from_others(store: EntityStore, attempt: _Attempt) -> list[Permission]:
    """What another access has come to give while it was being taken: it may have been given too early to last."""
    work = Work(store)
    unneeded = _unneeded(work, attempt.key, attempt.subjects, attempt.take)
    return [one for one in attempt.take if one not in unneeded]


def _finish(attempt: _Attempt, outcome: Outcome, work: Work) -> None:
    found = grants.find_grant(work, attempt.key)
    if found is not None and grants.card_of(found)["attempt"] == attempt.number:
        conclude(work, found, outcome)


def _pause(tries: int) -> timedelta:
    """1, 2, 4 ... minutes, up to six hours."""
    return min(_FIRST_RETRY * (1 << min(tries - 1, 20)), _LONGEST_RETRY)


settles(grants.KIND, settle_grant)
