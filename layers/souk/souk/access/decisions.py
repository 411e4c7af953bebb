"""Commands that decide a request: approve, reject, and an approver's own approval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from souk import clock
from souk.access import approvals, authority, lifecycle, record
from souk.access.approvals import Action, Approval
from souk.access.authority import Actor
from souk.access.model import Decision, Type
from souk.access.record import Case
from souk.errors import Conflict, NotAllowed
from souk.identity.principal import Principal
from souk.store.port import Record, Stale
from souk.work import Work

Verdict = Literal["approved", "denied"]


def approve(work: Work, access_id: str, by: Principal, reason: str = "", *, only: Type = "data") -> Record:
    """Approve a request, as far as the caller may: every stage for a key, for a user those they are an approver of.

    An approved or ended access is left as it is. Raises NotFound, NotAllowed, Conflict (rejected, canceled).
    """
    case, who = _case(work, access_id, by, only)
    if case.card["status"] in {"approved", "revoked"}:
        _demand_decider(who, case)
        return _as_it_is(work, case)
    return _determine(work, case, who, "approved", approvals.action_of(by.label, work.now, reason))


def reject(work: Work, access_id: str, by: Principal, reason: str = "", *, only: Type = "data") -> Record:
    """Reject a request. A rejected one is left as it is. Raises NotFound, NotAllowed, Conflict (approved, canceled)."""
    case, who = _case(work, access_id, by, only)
    if case.card["status"] == "rejected":
        _demand_decider(who, case)
        return _as_it_is(work, case)
    return _determine(work, case, who, "denied", approvals.action_of(by.label, work.now, reason))


def decide_approval(
    work: Work,
    approval_key: str,
    by: Principal,
    verdict: Verdict,
    *,
    reason: str = "",
    duration: int | None = None,
    unit: str | None = None,
) -> Approval:
    """One approver's decision on one pending approval. `duration` and `unit` limit the access from its approval on.

    Raises NotFound, NotAllowed (not an approver of it), Conflict (not pending), Invalid.
    """
    target = approvals.find(work, approval_key)
    case, who = _case(work, target.card["access"], by, None)
    action = approvals.action_of(by.label, work.now, reason, duration, unit)
    if target.card["status"] != "pending" or case.card["status"] != "requested":
        raise Conflict(f"this approval is {target.card['status']}", status=target.card["status"])
    _determine(work, case, who, verdict, action, only=approval_key)
    return approvals.find(work, approval_key)


def _case(work: Work, access_id: str, by: Principal, only: Type | None) -> tuple[Case, Actor]:
    case = record.open_case(work, access_id, only)
    return case, authority.actor(work, by, case.card["object"]["product"])


def _as_it_is(work: Work, case: Case) -> Record:
    assert case.record is not None
    return record.store(work, case) if case.happened else case.record


def _demand_decider(who: Actor, case: Case) -> None:
    """For a decision that is made already: whoever could have made it may repeat it."""
    if not _approver_of(who, record.review_of(who.work, case)):
        authority.demand_lead(who, case.card)


def _approver_of(who: Actor, review: Sequence[Approval]) -> bool:
    return not who.is_key and any(_may(who)(approval) for approval in review)


def _may(who: Actor, only: str | None = None) -> Callable[[Approval], bool]:
    def may(approval: Approval) -> bool:
        if only is not None and approval.key != only:
            return False
        return who.is_key or any(authority.matches(approver, who) for approver in approval.card["approvers"])

    return may


def _determine(work: Work, case: Case, who: Actor, verdict: Verdict, action: Action, only: str | None = None) -> Record:
    card = case.card
    if card["status"] != "requested":
        raise Conflict(f"an access that is {card['status']} cannot be {_past(verdict)}", status=card["status"])
    authority.demand_distance(card, who)
    review = record.review_of(work, case)
    if approvals.is_closed(review):
        raise Stale  # decided between the two reads
    override = who.is_key and authority.overrides(card)
    if who.is_key:
        authority.demand_scope(who, card)
    case.happen("updated")
    if override and only is None:
        approvals.close(review)
        _decide(work, case, verdict, action, review, override=True)
    elif verdict == "denied":
        if not approvals.deny(review, _may(who, only), action):
            raise NotAllowed("only an approver of this request may do this")
        _decide(work, case, verdict, action, review, override=override)
    else:
        if not approvals.act(review, _may(who, only), action):
            raise NotAllowed("only an approver of this request may do this")
        if approvals.complete(review):
            _decide(work, case, verdict, action, review, override=override)
    approvals.store(work, review)
    return record.store(work, case)


def _decide(
    work: Work, case: Case, verdict: Verdict, action: Action, review: Sequence[Approval], *, override: bool
) -> None:
    card = case.card
    decision: Decision = {
        "outcome": "approved" if verdict == "approved" else "rejected",
        "by": action["by"],
        "at": clock.text(work.now),
        "automatic": False,
        "override": override,
    }
    if "reason" in action:
        decision["reason"] = action["reason"]
    if "review" in card:
        decision["rule"] = card["review"].get("rule", "default")
        if "policy" in card["review"]:
            decision["policy"] = card["review"]["policy"]
    if "form" in card:
        decision["form_version"] = card["form"]["version"]
    if verdict == "approved":
        case.happen(*lifecycle.approve(card, work.now, decision, approvals.end_of(review, work.now)))
    else:
        case.happen(*lifecycle.reject(card, decision))


def _past(verdict: Verdict) -> str:
    return "approved" if verdict == "approved" else "rejected"
