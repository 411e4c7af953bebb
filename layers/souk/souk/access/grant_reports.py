"""What an external system reports of the grants that it was asked for, and which it found gone."""

from __future__ import annotations

from typing import Literal, get_args

from souk import clock
from souk.access import grants
from souk.access.granting import Outcome, conclude, failed, succeeded
from souk.access.grants import Card
from souk.errors import Conflict, Invalid, NotAllowed
from souk.grantors.connect import connect
from souk.identity.principal import GOVERNANCE, Principal
from souk.store.port import Record
from souk.work import Work

Result = Literal["granted", "revoked", "failed", "drifted"]
RESULTS: tuple[str, ...] = get_args(Result)


def report_grant(work: Work, shown_id: str, attempt: int, result: str, reason: str, by: Principal) -> Record | None:
    """Record what became of an attempt; None: all was taken back, so there is no grant any more.

    Raises NotFound, NotAllowed (users without governance), Invalid (no such result, or not one of this grantor's),
    Conflict (another attempt, or a result that it did not ask for). A repeated report changes nothing.
    """
    if by.kind == "user" and GOVERNANCE not in by.permissions:
        raise NotAllowed("results of grants are reported by the system that makes them")
    if result not in RESULTS:
        raise Invalid(f"a result is one of {', '.join(RESULTS)}")
    found = grants.get_grant(work, shown_id)
    card = grants.card_of(found)
    if not connect().reports:
        raise Conflict("this deployment asks no external system for grants")
    if attempt != card["attempt"]:
        raise Conflict(f"the report is about attempt {attempt}, the grant is at attempt {card['attempt']}")
    asked = "granted" if card["wanted"] else "revoked"
    if result in {"granted", "revoked"} and result != asked:
        raise Conflict(f"the grant waits for the result {asked!r}")
    if result == "drifted" and card["state"] != "granted":
        raise Conflict("only what was granted can drift")
    if result == "drifted":
        conclude(work, found, _drifted(reason, clock.text(work.now)))
    elif result == "failed":
        conclude(work, found, failed(reason or "no reason given", again=True, now=clock.text(work.now)))
    elif card["state"] != "granted":
        conclude(work, found, succeeded)
    return work.at(found.key)


def _drifted(reason: str, now: str) -> Outcome:
    def change(card: Card) -> None:
        card["state"], card["reason"], card["due"] = "drifted", reason[:500] or "not found in the system", now

    return change
