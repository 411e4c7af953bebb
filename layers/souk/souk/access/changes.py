"""Commands on a known access: a new body, new dates, its end, its deletion."""

from __future__ import annotations

from datetime import datetime

from souk import clock
from souk.access import authority, days, judging, lifecycle, policy, record, requests
from souk.access.authority import Actor
from souk.access.judging import Judgement
from souk.access.model import KIND, Card, Object, Subject, Type
from souk.access.record import Case
from souk.access.requests import Asked
from souk.errors import Conflict, Invalid, NotAllowed
from souk.identity.principal import SCOPE_DECIDE, Principal
from souk.store.port import Record
from souk.work import Work


def put_access(work: Work, access_id: str, asked: Asked, by: Principal) -> Record:
    """Make the access with this exact id, or give it a new body; status and decision stay the engine's.

    Raises Invalid (something it names does not exist, bad dates), NotAllowed.
    """
    work.fetch(requests.keys_of(access_id, asked))
    found = work.find(KIND, access_id)
    if found is None:
        return requests.create(work, access_id, asked, by)
    if record.card_of(found)["type"] != asked.type:
        raise Invalid(f"id: '{access_id}' already stands for another kind of access")
    return _replace(work, record.case_of(work, found), asked, by)


def cancel(work: Work, access_id: str, by: Principal, *, only: Type | None = "data") -> bool:
    """Withdraw a request. False: it was canceled already. Raises NotFound, NotAllowed, Conflict."""
    case = record.open_case(work, access_id, only)
    authority.demand_party(work, case.card, authority.actor(work, by, case.card["object"]["product"]))
    if case.card["status"] == "canceled":
        return False
    case.happen("updated", *lifecycle.cancel(case.card, work.now))
    record.close_review(work, case)
    record.store(work, case)
    return True


def end(work: Work, access_id: str, by: Principal, *, only: Type = "data") -> bool:
    """End an approved access now, for good. False: it was ended before. Raises NotFound, NotAllowed, Conflict.

    Either side may: the provider's, and the consumer for their own.
    """
    case = record.open_case(work, access_id, only)
    authority.demand_party(work, case.card, authority.actor(work, by, case.card["object"]["product"]))
    if case.card["status"] == "revoked":
        return False
    case.happen("updated", *lifecycle.end(case.card, work.now))
    record.store(work, case)
    return True


def withdraw(work: Work, access_id: str, by: Principal) -> None:
    """Cancel a pending request of either type. Raises NotFound, NotAllowed, Conflict (it is not pending any more)."""
    if not cancel(work, access_id, by, only=None):
        raise Conflict("this request is canceled already", status="canceled")


def revoke(work: Work, access_id: str, by: Principal) -> Record:
    """End an access of either type that is in force, from the product's side. Raises NotFound, NotAllowed, Conflict."""
    case = record.open_case(work, access_id, None)
    authority.demand_lead(authority.actor(work, by, case.card["object"]["product"]), case.card)
    state = lifecycle.state(case.card, work.now)
    if state not in {"approved", "active"}:
        raise Conflict(f"a request that is {state} cannot be revoked", status=state)
    case.happen("updated", *lifecycle.end(case.card, work.now))
    return record.store(work, case)


def extend(work: Work, access_id: str, until: datetime | None, by: Principal, *, only: Type = "data") -> Record:
    """Give an approved access a new end (None: none). Raises NotFound, NotAllowed, Invalid, Conflict (it is over)."""
    case = record.open_case(work, access_id, only)
    card = case.card
    if card["status"] != "approved" or lifecycle.is_final(card, work.now):
        raise Conflict(f"an access that is {lifecycle.state(card, work.now)} cannot be extended")
    if until is not None and until <= work.now:
        raise Invalid("the new end lies in the past")
    authority.demand_lead(authority.actor(work, by, card["object"]["product"]), card)
    text = None if until is None else clock.text(until)
    case.happen("updated", *lifecycle.move(card, work.now, card.get("start"), text))
    _note_override(case, by, work)
    return record.store(work, case)


def delete(work: Work, access_id: str, by: Principal, *, only: Type = "data") -> None:
    """Delete the access in whatever state, ending it first if it is active. Raises NotFound, NotAllowed."""
    case = record.open_case(work, access_id, only)
    authority.demand_party(work, case.card, authority.actor(work, by, case.card["object"]["product"]))
    if case.card["announced"]:
        case.card["announced"] = False
        case.happen("deactivated")
    record.delete(work, case)


def _replace(work: Work, case: Case, asked: Asked, by: Principal) -> Record:
    card = case.card
    who = authority.actor(work, by, card["object"]["product"])
    authority.demand_party(work, card, who)
    start, end = days.meant(card, *asked.days) if asked.days else (asked.start, asked.end)
    moved = (start, end) != (card.get("start"), card.get("end"))
    if moved:
        _demand_dates(card, who)
    if (asked.object, asked.subject) != (card["object"], card["subject"]):
        _retarget(work, case, asked, who)
    card.pop("purpose", None)
    if asked.purpose is not None:
        card["purpose"] = asked.purpose
    if asked.view is not None:
        case.views[asked.dialect], case.shaped = asked.view, asked.dialect
    case.happen("updated", *lifecycle.move(card, work.now, start, end))
    if moved:
        _note_override(case, by, work)
    return record.store(work, case)


def _demand_dates(card: Card, who: Actor) -> None:
    """The consumer names the dates of a request, the provider those of an approved access; guard (b) for keys."""
    if who.is_key:
        authority.demand_scope(who, card)
    elif card["status"] == "approved":
        authority.demand_lead(who, card)


def _note_override(case: Case, by: Principal, work: Work) -> None:
    """A key that moves the dates of a reviewed access overrides the review: the record says so."""
    if by.kind == "key" and authority.overrides(case.card):
        case.card["redated"] = {"by": by.label, "at": clock.text(work.now)}


def _retarget(work: Work, case: Case, asked: Asked, who: Actor) -> None:
    """Another product, port or consumer: what is named must exist, and nobody gains by it what nobody approved."""
    card = case.card
    product = requests.check_named(work, asked.object, asked.subject)
    there = authority.actor(work, who.principal, asked.object["product"])
    if card["status"] == "approved":
        authority.demand_lead(who, card)
        authority.demand_lead(there, card)
        _demand_scope_there(work, asked.object, card, who)
    elif card["status"] == "requested":
        authority.demand_asker(work, asked.subject, there)
        verdict = requests.judged(work, product, asked, there)
        if verdict.event["type"] == "deny":
            raise NotAllowed("the policy of this data product denies the request")
        plain = Judgement(policy.DEFAULT["default"], "default", None, verdict.set)
        requests.open_review(work, case, verdict if verdict.event["type"] == "review" else plain)
    _aim(work, case, asked.object, asked.subject)


def _demand_scope_there(work: Work, wanted: Object, card: Card, who: Actor) -> None:
    guarded = judging.policy_of(work, wanted["product"], card["type"]) is not None
    if guarded and who.is_key and not who.principal.has_scope(SCOPE_DECIDE):
        raise NotAllowed("this data product is under a review policy: the key needs the scope 'decide'")


def _aim(work: Work, case: Case, wanted: Object, subject: Subject) -> None:
    """Turn the access to its new object and subject; the log of an active one says who lost and who got it."""
    active = case.card["announced"]
    if active:
        record.log_line(work, case, "delete", work.principal)
    case.card["object"], case.card["subject"] = wanted, subject
    case.card.pop("named", None)
    if active:
        record.log_line(work, case, "grant", work.principal)
