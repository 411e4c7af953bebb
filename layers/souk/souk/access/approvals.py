"""Approval records: the stages of a review, who acted on them, and when a request is decided.

A stage of which any approver suffices is one record; a stage that all must approve is one record per approver. Records
change only in a commit that also changes the access, whose revision keeps simultaneous approvers apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NotRequired, TypedDict

from souk import clock
from souk.access import policy
from souk.errors import NotFound
from souk.ids import record_key
from souk.store.port import Record
from souk.work import Work

KIND = "approval"
Status = Literal["pending", "blocked", "approved", "denied", "canceled"]


class Action(TypedDict):
    """What an approver did. `at` is an instant; duration and unit limit the access from its approval on."""

    by: str
    at: str
    reason: NotRequired[str]
    duration: NotRequired[int]
    unit: NotRequired[str]


class Card(TypedDict):
    """One approval of `access` (exact id), in stage 1, 2 ... `prerequisites`: keys of approvals that come first."""

    access: str
    stage: int
    approvers: list[dict[str, Any]]
    prerequisites: list[str]
    status: Status
    action: NotRequired[Action]


@dataclass(slots=True)
class Approval:
    """An approval with its key. `card` is this command's own copy."""

    id: str
    key: str
    card: Card
    changed: bool = False


def approval_id(access_key: str, number: int) -> str:
    """The exact id of an access's approval number 0, 1, 2 ..."""
    return f"{access_key}.{number}"


def first_key(access_key: str) -> str:
    """The key of an access's first approval, to be read together with the access."""
    return record_key(KIND, approval_id(access_key, 0))


def plan(access_id: str, access_key: str, stages: Sequence[Mapping[str, Any]]) -> list[Approval]:
    """The approvals of a new review: the first stage pending, later ones blocked."""
    made: list[Approval] = []
    before: list[str] = []
    for number, stage in enumerate(stages, 1):
        groups = [stage["any"]] if "any" in stage else [[approver] for approver in stage["all"]]
        now: list[str] = []
        for group in groups:
            exact_id = approval_id(access_key, len(made))
            card: Card = {
                "access": access_id,
                "stage": number,
                "approvers": [dict(approver) for approver in group],
                "prerequisites": before,
                "status": "blocked" if before else "pending",
            }
            made.append(Approval(exact_id, record_key(KIND, exact_id), card, changed=True))
            now.append(made[-1].key)
        before = now
    return made


def read(work: Work, keys: Sequence[str]) -> list[Approval]:
    """The approvals at these keys, in their order."""
    work.fetch(keys)
    records = [record for key in keys if (record := work.at(key)) is not None]
    return [_approval(record) for record in records]


def find(work: Work, key: str) -> Approval:
    """The approval at this key. Raises NotFound."""
    record = work.at(key)
    if record is None or record.kind != KIND:
        raise NotFound("this approval does not exist", kind=KIND, id=key)
    return _approval(record)


def store(work: Work, approvals: Sequence[Approval]) -> None:
    """Stage what changed."""
    work.fetch(approval.key for approval in approvals if approval.changed)
    for approval in approvals:
        if approval.changed:
            work.save(KIND, approval.id, {"card": approval.card}, listed=False)
            approval.changed = False


def act(approvals: Sequence[Approval], may: Callable[[Approval], bool], action: Action) -> int:
    """Approve every pending record that the caller may; what that unblocks, too. How many were approved."""
    done = 0
    while ready := [a for a in approvals if a.card["status"] == "pending" and may(a)]:
        for approval in ready:
            _set(approval, "approved", action)
        done += len(ready)
        _unblock(approvals)
    return done


def deny(approvals: Sequence[Approval], may: Callable[[Approval], bool], action: Action) -> bool:
    """Deny the first pending record that the caller may, and cancel the rest. False: there is none."""
    target = next((a for a in approvals if a.card["status"] == "pending" and may(a)), None)
    if target is None:
        return False
    _set(target, "denied", action)
    close(approvals)
    return True


def close(approvals: Sequence[Approval]) -> None:
    """Cancel every record that is still open."""
    for approval in approvals:
        if approval.card["status"] in {"pending", "blocked"}:
            _set(approval, "canceled")


def is_closed(approvals: Sequence[Approval]) -> bool:
    """Nothing is left to decide."""
    return all(approval.card["status"] not in {"pending", "blocked"} for approval in approvals)


def complete(approvals: Sequence[Approval]) -> bool:
    """Every stage is approved."""
    return all(approval.card["status"] == "approved" for approval in approvals)


def end_of(approvals: Sequence[Approval], now: datetime) -> datetime | None:
    """The end that approvers set by durations, counted from now: the shortest. None: nobody did."""
    ends = [
        policy.after(now, action["duration"], action.get("unit", "days"))
        for approval in approvals
        if (action := approval.card.get("action")) and "duration" in action
    ]
    return min(ends, default=None)


def action_of(by: str, now: datetime, reason: str = "", duration: int | None = None, unit: str | None = None) -> Action:
    """What an approver does now. Raises Invalid for a duration that is none."""
    action: Action = {"by": by, "at": clock.text(now)}
    if reason:
        action["reason"] = reason
    if duration is not None:
        policy.after(now, duration, unit or "days")
        action["duration"], action["unit"] = duration, unit or "days"
    return action


def _approval(record: Record) -> Approval:
    card: Card = record.body["card"]
    return Approval(record.id, record.key, card.copy())


def _unblock(approvals: Sequence[Approval]) -> None:
    approved = {a.key for a in approvals if a.card["status"] == "approved"}
    for approval in approvals:
        if approval.card["status"] == "blocked" and approved.issuperset(approval.card["prerequisites"]):
            _set(approval, "pending")


def _set(approval: Approval, status: Status, action: Action | None = None) -> None:
    approval.card["status"] = status
    if action is not None:
        approval.card["action"] = action
    approval.changed = True
