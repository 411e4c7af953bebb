"""An access under change: read once, settled first, saved with everything that follows from what happened."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from souk import clock, jsontext
from souk.access import approvals, lifecycle, model
from souk.access.approvals import Approval
from souk.access.lifecycle import Happening
from souk.access.model import KIND, Card, Type
from souk.errors import NotFound
from souk.store.port import Record
from souk.work import Work

_FEED = {
    *("created", "requested", "approved", "rejected", "canceled"),
    *("activated", "deactivated", "updated", "deleted"),
}
"""Happenings that the event log knows."""
_NOTICES = {"expiring", "expired", "revoked", "released"}
"""Happenings of a data access that only the bus hears of. Everything else it hears through the log."""
_LOGGED = {"activated": "grant", "prolonged": "grant", "deactivated": "delete"}
_SHOWN = 500
"""Characters of a name in logs and notices. A free text may be as long as a document."""
_MANAGED_BYTES = 200
"""What a door adds to a document: status, dates, an id."""


@dataclass(slots=True)
class Case:
    """`card` and `views` are this case's own copies; `happened` grows as commands act."""

    id: str
    key: str
    record: Record | None
    card: Card
    views: dict[str, dict[str, Any]]
    shaped: str
    happened: list[Happening] = field(default_factory=list)

    def happen(self, *what: Happening | str) -> None:
        """Note what happened, in order."""
        self.happened += [Happening(w) if isinstance(w, str) else w for w in what]


def card_of(record: Record) -> Card:
    """The card as it is stored. Not to be changed."""
    card: Card = record.body["card"]
    return card


def open_case(work: Work, access_id: str, only: Type | None = "data") -> Case:
    """The access with this exact id (of this type, unless None), settled up to now. Raises NotFound."""
    record = work.get(KIND, access_id)
    if only is not None and card_of(record)["type"] != only:
        raise NotFound(f"access {access_id!r} does not exist", kind=KIND, id=access_id)
    return case_of(work, record)


def case_of(work: Work, record: Record) -> Case:
    """A case on a record that was read."""
    body = record.body
    case = Case(
        id=record.id,
        key=record.key,
        record=record,
        card=copy.deepcopy(body["card"]),
        views=dict(body.get("views") or {}),
        shaped=body.get("shaped", ""),
    )
    case.happen(*lifecycle.settle(case.card, work.now))
    return case


def store(work: Work, case: Case) -> Record:
    """Stage the access, its events in order, its notices and its access log lines."""
    _tell(work, case)
    created = case.record.created if case.record else clock.text(work.now)
    size = len(jsontext.dump(case.views.get(case.shaped) or case.card)) + _MANAGED_BYTES
    record = work.save(
        KIND,
        case.id,
        {"card": case.card, "views": case.views, "shaped": case.shaped},
        lists=model.places(case.card, created, lifecycle.next_due(case.card), size),
        references=model.references(case.card),
        listed=False,
    )
    case.happened = []
    return record


def delete(work: Work, case: Case) -> None:
    """Stage the deletion of the access and its approval records, with its events."""
    if case.record is None:
        raise NotFound(f"access {case.id!r} does not exist", kind=KIND, id=case.id)
    case.happen("deleted")
    _tell(work, case)
    for approval in review_of(work, case):
        work.remove(work.get(approvals.KIND, approval.id))
    work.remove(case.record)


def review_of(work: Work, case: Case) -> list[Approval]:
    """The approvals of the case's review, in order; none if it was judged by rule."""
    review = case.card.get("review")
    return approvals.read(work, review["approvals"]) if review else []


def close_review(work: Work, case: Case) -> None:
    """Cancel the approvals that are still open."""
    review = review_of(work, case)
    approvals.close(review)
    approvals.store(work, review)


def _tell(work: Work, case: Case) -> None:
    product = case.card["object"]["product"]
    data = case.card["type"] == model.DATA
    for what in case.happened:
        if data and what.verb in _FEED:
            ends = {"end": case.card["end"]} if case.card.get("end") else {}
            work.event(KIND, what.verb, case.id, due=what.due, product=product, status=case.card["status"], **ends)
        if what.verb in _NOTICES or (not data and what.verb in _FEED):
            _notice(work, case, what)
        action = _LOGGED.get(what.verb)
        if action is not None:
            log_line(work, case, action, work.principal if what.due is None else "")


def _notice(work: Work, case: Case, what: Happening) -> None:
    card = case.card
    facts: dict[str, Any] = {
        "id": case.id,
        "verb": what.verb,
        "type": card["type"],
        "status": card["status"],
        "product": card["object"]["product"],
        "subject": {kind: str(name)[:_SHOWN] for kind, name in card["subject"].items()},
    }
    if card.get("end"):
        facts["end"] = card["end"]
    if what.days is not None:
        facts["days"] = what.days
    work.notice(f"{KIND}.{what.verb}", **facts)


def _note_end(work: Work, case: Case) -> None:
    place = f"{model.short(case.card['object']['product'])}/{int(case.key, 36) % model.ENDINGS_APART}"
    # Of two ends at once the later commit counts, which may be the one that began some milliseconds earlier.
    work.mark(model.ENDED, place, clock.text(work.now))


def log_line(work: Work, case: Case, action: str, author: str) -> None:
    """Stage a line of the access log: who got or lost access. No author means the calendar.

    When it was said is noted on the card, and of an end also for its product, which shows when access last changed.
    """
    if case.card["type"] != model.DATA:
        return
    if action == "grant":
        case.card["granted"] = clock.text(work.now)
    else:
        _note_end(work, case)
    kind, _, name = model.subject_keys(case.card["subject"])[0].partition(":")
    entry = {
        "action": action,
        "kind": kind,
        "subject": case.card.get("named", name)[:_SHOWN],
        "author": author,
        "access": case.id,
    }
    if action == "grant" and case.card.get("end"):
        entry["expires"] = case.card["end"]
    work.line(model.log_list(case.card["object"]["product"]), jsontext.dump(entry).decode())
