"""Commands that ask for access: a request is judged at once, and reviewed by people where a policy says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from souk import clock
from souk.access import approvals, authority, days, judging, lifecycle, policy, record
from souk.access.authority import Actor
from souk.access.judging import Judgement
from souk.access.model import (
    KIND,
    Card,
    Column,
    Decision,
    Form,
    Object,
    Subject,
    Type,
    short,
    subject_keys,
    subject_list,
)
from souk.access.policy import Policy
from souk.access.record import Case
from souk.catalogue import refuse_rendering, rendering_keys
from souk.errors import Conflict, Invalid
from souk.identity.principal import Principal
from souk.ids import key_as_uuid, record_key
from souk.products.card import Card as ProductCard
from souk.store.port import Record
from souk.work import Work


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for. Dates come as instants, or as `days` by a door that knows only days.

    `view` is the document as `dialect`'s client sent it. `start_on_approval`: without dates it begins when approved.
    `named`: how the client spelled the subject.
    """

    subject: Subject
    object: Object
    dialect: str
    type: Type = "data"
    purpose: str | None = None
    view: dict[str, Any] | None = None
    days: tuple[date | None, date | None] | None = None
    start: str | None = None
    end: str | None = None
    start_on_approval: bool = False
    form: Form | None = None
    form_policy: Policy | None = None
    for_anybody: bool = False
    """Asked in a place where everybody may ask for everybody."""
    duration: tuple[int, str] | None = None
    """How long the form says that it is needed: the limit of an automatic approval that sets none."""
    named: str | None = None


def keys_of(access_id: str, asked: Asked) -> list[str]:
    """Everything that a request looks at, for one batch read."""
    own = record_key(KIND, access_id)
    product = asked.object["product"]
    keys = [own, record_key("product", product), judging.policy_key(product), approvals.first_key(own)]
    if "product" in asked.subject:
        keys.append(record_key("product", asked.subject["product"]))
    if "team" in asked.subject:
        keys.append(record_key("team", asked.subject["team"]))
    return keys


def request_access(work: Work, asked: Asked, by: Principal) -> Record:
    """A new request under a made id. Raises NotFound (the product), Conflict (one is open or approved), Invalid."""
    past, made = past_and_next(work, asked, ahead(work.get("product", asked.object["product"]), asked, by))
    standing = [found for found in past if not lifecycle.is_over(record.card_of(found), work.now)]
    if standing:
        raise Conflict("there is a pending or approved request already", id=standing[-1].id)
    return create(work, made, asked, by)


def request_masking_exception(work: Work, asked: Asked, columns: list[Column], by: Principal) -> Record:
    """A new request to see columns unmasked. Raises Invalid (no columns), NotFound, Conflict."""
    if not columns:
        raise Invalid("a masking exception names at least one column")
    wanted: Object = {**asked.object, "columns": columns}
    return request_access(work, replace(asked, type="masking_exception", object=wanted), by)


def history(work: Work, asked: Asked) -> Iterator[Record]:
    """Every access of this type that the main subject ever had to this product, oldest first."""
    place = short(asked.object["product"])
    subject = subject_keys(asked.subject)[0]
    for found in work.records(subject_list(subject), low=f"{place}/", high=f"{place}0"):
        # The list also holds accesses where this subject comes second.
        if _is_of(record.card_of(found), asked):
            yield found


def ahead(product: Record, asked: Asked, by: Principal) -> Callable[[str], Iterable[str]]:
    """What `create` reads for an id, for `past_and_next` to read along."""
    side = authority.keys_of(by, product.body["card"])
    return lambda made: [*keys_of(made, asked), *rendering_keys(made), *side]


def past_and_next(
    work: Work, asked: Asked, along: Callable[[str], Iterable[str]] = lambda _made: ()
) -> tuple[list[Record], str]:
    """The main subject's accesses to this product, and a new id that follows from them. `along` is read with it.

    Simultaneous requests of one subject arrive at the same id, so that all but one are stale and look again.
    """
    salt = 0
    while True:
        past = list(history(work, asked))
        seed = [asked.object["product"], subject_keys(asked.subject)[0], asked.type, str(len(past)), str(salt)]
        made = key_as_uuid(record_key("access after", "\0".join([*seed, past[-1].id if past else ""])))
        work.fetch([record_key(KIND, made), *along(made)])
        taken = work.find(KIND, made)
        if taken is None:
            return past, made
        # It came in after the list was read: look again. Or it was turned to another subject since: not ours.
        salt += not _is_of(record.card_of(taken), asked)


def _is_of(card: Card, asked: Asked) -> bool:
    same = card["type"] == asked.type and card["object"]["product"] == asked.object["product"]
    return same and subject_keys(card["subject"])[0] == subject_keys(asked.subject)[0]


def create(work: Work, access_id: str, asked: Asked, by: Principal) -> Record:
    """Make the access, judge it, and open its review if there is one. Raises Invalid, NotAllowed."""
    work.fetch(keys_of(access_id, asked))
    refuse_rendering(work, KIND, access_id)
    product = check_named(work, asked.object, asked.subject)
    who = authority.actor(work, by, asked.object["product"])
    if not asked.for_anybody:
        authority.demand_asker(work, asked.subject, who)
    case = new_case(work, access_id, asked, by)
    case.happen("created", "requested")
    _apply(work, case, judged(work, product, asked, who), asked.duration)
    return record.store(work, case)


def check_named(work: Work, wanted: Object, subject: Subject) -> ProductCard:
    """The product. Its port, consumer product and team must exist too, and stay until the commit. Raises Invalid."""
    card: ProductCard = _existing(work, "product", wanted["product"]).body["card"]
    port = wanted.get("port")
    if port is not None and all(known["id"] != port for known in card["ports"]):
        raise Invalid(f"Could not find output port by id '{port}' in data product '{wanted['product']}'")
    if "product" in subject:
        _existing(work, "product", subject["product"])
    if "team" in subject:
        _existing(work, "team", subject["team"])
    return card


def _existing(work: Work, kind: str, exact_id: str) -> Record:
    found = work.find(kind, exact_id)
    if found is None:
        raise Invalid(f"Could not find {'data product' if kind == 'product' else kind} by id '{exact_id}'")
    work.unchanged(found)
    return found


def new_case(work: Work, access_id: str, asked: Asked, by: Principal) -> Case:
    """A request that nobody has judged yet. Raises Invalid (dates)."""
    start, end = days.meant(None, *asked.days) if asked.days else (asked.start, asked.end)
    card: Card = {
        "type": asked.type,
        "subject": asked.subject,
        "object": asked.object,
        "requester": by.label,
        "status": "requested",
        "origin": asked.dialect,
        "announced": False,
        "settled": clock.text(work.now),
    }
    optional = {"purpose": asked.purpose, "form": asked.form, "start": start, "end": end, "named": asked.named}
    card.update({name: value for name, value in optional.items() if value is not None})  # type: ignore[typeddict-item]
    if asked.start_on_approval and start is None:
        card["start_on_approval"] = True
    views = {} if asked.view is None else {asked.dialect: asked.view}
    return Case(access_id, record_key(KIND, access_id), None, card, views, asked.dialect)


def judged(work: Work, product: ProductCard, asked: Asked, who: Actor) -> Judgement:
    """What the policies say to this request."""
    answers = asked.form.get("answers") if asked.form else None
    facts = judging.facts_of(asked.type, product, asked.object, asked.subject, who, answers)
    return judging.judge(work, product, asked.object, asked.subject, facts, asked.form_policy)


def _apply(work: Work, case: Case, verdict: Judgement, duration: tuple[int, str] | None) -> None:
    """Approve, deny, or open a review, as judged."""
    event = verdict.event
    if event["type"] == "review":
        open_review(work, case, verdict)
        return
    decision: Decision = {
        "outcome": "approved" if event["type"] == "approve" else "rejected",
        "by": "",
        "at": clock.text(work.now),
        "automatic": True,
        "override": False,
        "rule": verdict.rule,
    }
    if verdict.version:
        decision["policy"] = verdict.version
    if "form" in case.card:
        decision["form_version"] = case.card["form"]["version"]
    if event.get("comment"):
        decision["reason"] = event["comment"]
    if event["type"] == "approve":
        end = policy.end_of(event, work.now) or (policy.after(work.now, *duration) if duration else None)
        case.happen(*lifecycle.approve(case.card, work.now, decision, end))
    else:
        case.happen(*lifecycle.reject(case.card, decision))


def open_review(work: Work, case: Case, verdict: Judgement) -> None:
    """Open the approvals of a review, in place of any earlier ones."""
    former = case.card["review"]["approvals"] if "review" in case.card else []
    made = approvals.plan(case.id, case.key, verdict.event["stages"])
    approvals.store(work, made)
    case.card["review"] = {"set": verdict.set, "approvals": [a.key for a in made], "rule": verdict.rule}
    if verdict.version:
        case.card["review"]["policy"] = verdict.version
    work.fetch(former)
    for left in (work.at(key) for key in former if key not in case.card["review"]["approvals"]):
        if left is not None:
            work.remove(left)
