"""Self-service: a grant takes effect at once, one per subject and product, and a new one replaces its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from souk import clock
from souk.access import authority, lifecycle, record, requests
from souk.access.authority import Actor
from souk.access.model import DATA, Card, Decision, Subject
from souk.access.requests import Asked
from souk.errors import Conflict, Invalid, NotAllowed
from souk.identity.principal import Principal
from souk.store.port import Record
from souk.work import Work, run

RULE = "self-service"
_AT_ONCE = 5
"""Accesses that one commit ends: each is a record with up to a dozen entries, a line, and the note of its end."""


def grant(
    work: Work,
    product: str,
    subject: Subject,
    until: datetime | None,
    by: Principal,
    dialect: str,
    named: str | None = None,
) -> Record:
    """Access to the whole product from now on, until an instant or (None) for ever. Replaces an active grant's end.

    Guard (a): on a product that is not self-service only its own side grants. `named`: the subject as it was spelled.
    Raises NotFound (the product), NotAllowed, Invalid.
    """
    card = work.get("product", product).body["card"]
    who = authority.actor(work, by, product)
    if not card.get("self_service", False):
        _demand_owner(who)
    if until is not None and until <= work.now:
        raise Invalid("access cannot end in the past")
    asked = Asked(subject, {"product": product}, dialect, named=named)
    past, made = requests.past_and_next(work, asked)
    standing = [found for found in past if _is_grant(record.card_of(found), work.now)]
    return _renew(work, standing[-1], asked, until) if standing else _new(work, made, asked, until, by)


def withdraw(work: Work, product: str, subject: Subject, by: Principal, named: str | None = None) -> int:
    """End every active data access of the subject to the product. How many there were. `named`: as it was spelled.

    More than a commit holds end in several, each whole; an interruption leaves the rest to the next call.
    The product's side may, and a user for themself. Raises NotFound (the product), NotAllowed, Conflict (none active).
    """
    work.get("product", product)
    who = authority.actor(work, by, product)
    if not (who.is_key or who.leads or authority.gains(subject, who)):
        raise NotAllowed("you are unauthorized to make changes to this access rule")
    asked = Asked(subject, {"product": product}, "")
    active = [found for found in requests.history(work, asked) if lifecycle.is_active(record.card_of(found), work.now)]
    if not active:
        raise Conflict("this subject has no access")
    *earlier, last = [active[at : at + _AT_ONCE] for at in range(0, len(active), _AT_ONCE)]
    for some in earlier:
        run(work.store, partial(_end_all, [found.key for found in some], named), principal=work.principal)
    _end_all([found.key for found in last], named, work)
    return len(active)


def _end_all(keys: Sequence[str], named: str | None, work: Work) -> None:
    """End those that are still active."""
    work.fetch(keys)
    for found in filter(None, map(work.at, keys)):
        case = record.case_of(work, found)
        if lifecycle.is_active(case.card, work.now):
            _call(case.card, named)
            case.happen("updated", *lifecycle.end(case.card, work.now))
            record.store(work, case)


def _demand_owner(who: Actor) -> None:
    if not (who.is_key or who.leads):
        raise NotAllowed("access to this data product is not self-service: its owner grants it")


def _is_grant(card: Card, now: datetime) -> bool:
    rule = card.get("decision", {}).get("rule")
    return rule == RULE and lifecycle.is_active(card, now)


def _call(card: Card, named: str | None) -> None:
    """The log names the subject as whoever acts spells it."""
    if named is not None:
        card["named"] = named


def _renew(work: Work, standing: Record, asked: Asked, until: datetime | None) -> Record:
    case = record.case_of(work, standing)
    card = case.card
    _call(card, asked.named)
    happened = lifecycle.move(card, work.now, card.get("start"), None if until is None else clock.text(until))
    case.happen("updated", *(happened or [lifecycle.Happening("prolonged")]))
    return record.store(work, case)


def _new(work: Work, access_id: str, asked: Asked, until: datetime | None, by: Principal) -> Record:
    requests.check_named(work, asked.object, {})
    case = requests.new_case(work, access_id, asked, by)
    case.card["start_on_approval"] = True
    decision: Decision = {
        "outcome": "approved",
        "by": by.label,
        "at": clock.text(work.now),
        "automatic": False,
        "override": False,
        "rule": RULE,
    }
    case.happen("created", "requested", *lifecycle.approve(case.card, work.now, decision, until))
    assert case.card["type"] == DATA
    return record.store(work, case)
