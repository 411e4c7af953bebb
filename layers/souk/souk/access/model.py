"""The access card: who, what, why, from when until when, and how it was decided. Lists and keys that follow from it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Literal, NotRequired, TypedDict

from souk import jsontext
from souk.catalogue import size_class
from souk.store.port import Entry

KIND = "access"
DATA = "data"
MASKING_EXCEPTION = "masking_exception"
Type = Literal["data", "masking_exception"]
Status = Literal["requested", "approved", "rejected", "canceled", "revoked"]

SUBJECT_KINDS = ("user", "service", "team", "group", "product")
LIVE = f"{KIND}/live"
"""Every data access that is approved and not over, by product, then creation: what is granted, in one list."""
ENDED = f"{KIND}/ended"
"""When access to a product last ended: up to ENDINGS_APART entries for each product, whose view is the instant."""
ENDINGS_APART = 8
"""Ends of one product are noted in so many places, by the access, so that simultaneous ones seldom meet."""
_LONG = 200
"""Characters of a subject or product beyond which lists name its hash and views leave it out."""


class Subject(TypedDict, total=False):
    """Who gets access: at least one of these. A user is a lower-cased e-mail, or free text."""

    user: str
    service: str
    team: str
    group: str
    product: str


class Column(TypedDict):
    """One column of a data source."""

    source: str
    column: str


class Object(TypedDict):
    """What access is given to. Without a port: the whole product."""

    product: str
    port: NotRequired[str]
    columns: NotRequired[list[Column]]


class Decision(TypedDict):
    """How a request was decided, kept for good. `at` is an instant."""

    outcome: Literal["approved", "rejected"]
    by: str
    at: str
    automatic: bool
    override: bool
    rule: NotRequired[str]
    reason: NotRequired[str]
    policy: NotRequired[str]
    form_version: NotRequired[str]


class Form(TypedDict):
    """The form that was filled in: the version is the one of that day."""

    id: str
    version: str
    answers: NotRequired[Any]


class Review(TypedDict):
    """What a request waits for: ids of its approval records, and the policy that asked for them.

    `set`: somebody set this policy, it is not the plain default.
    """

    set: bool
    approvals: list[str]
    policy: NotRequired[str]
    rule: NotRequired[str]


class Card(TypedDict):
    """The core's view of one access. Instants are text as `clock.text` writes them."""

    type: Type
    subject: Subject
    object: Object
    requester: str
    """Label of whoever asked: an e-mail, or a key's id."""
    status: Status
    origin: str
    """The dialect through which it was made."""
    announced: bool
    """`activated` was emitted and no `deactivated` since."""
    begun: NotRequired[bool]
    """It was active at some time."""
    settled: str
    """The calendar has been applied up to this instant."""
    purpose: NotRequired[str]
    form: NotRequired[Form]
    review: NotRequired[Review]
    decision: NotRequired[Decision]
    start: NotRequired[str]
    start_on_approval: NotRequired[bool]
    end: NotRequired[str]
    granted: NotRequired[str]
    """When the access log last said that it was granted."""
    ended: NotRequired[str]
    """When it was revoked, or a request was canceled."""
    redated: NotRequired[dict[str, str]]
    """A key moved its dates although a policy was set: by whom, when."""
    named: NotRequired[str]
    """The subject as whoever asked, or acted on it last, spelled it."""
    released: NotRequired[list[str]]
    """Products that it does not hold on to any more: they were deleted by a door that ends accesses."""


def user_key(name: str) -> str:
    """How a user is known: an e-mail lower-cased, any other text as it stands."""
    return name.lower() if "@" in name else name


def subject_keys(subject: Subject) -> list[str]:
    """`kind:name` of everybody the subject names, the main one first."""
    return [f"{kind}:{subject[kind]}" for kind in SUBJECT_KINDS if subject.get(kind)]  # type: ignore[literal-required]


def product_list(product: str) -> str:
    """The list of a product's accesses, by creation."""
    return f"{KIND}/by-product/{product}"


def subject_list(subject_key: str) -> str:
    """The list of a subject's accesses, by product, then creation."""
    return f"{KIND}/by-subject/{short(subject_key)}"


def requester_list(requester: str) -> str:
    """The list of what somebody asked for others, by creation."""
    return f"{KIND}/by-requester/{short(requester)}"


def determined_list(product: str) -> str:
    """The list of a product's accesses that people decided, by that instant. The view is the type."""
    return f"{KIND}/determined/{short(product)}"


def log_list(product: str) -> str:
    """The access log of a product."""
    return f"access-log/{product}"


def live_bounds(product: str) -> tuple[str, str]:
    """Where a product's accesses stand in LIVE and ENDED. Others may, too: the view of LIVE names the product."""
    return f"{short(product)}/", f"{short(product)}0"


def is_live(card: Card) -> bool:
    """Approved, of the data, and not over when the calendar was last applied."""
    end = stop(card)
    return card["type"] == DATA and card["status"] == "approved" and (end is None or end > card["settled"])


def short(text: str) -> str:
    """The text, or its hash where it is too long for a key."""
    return text if len(text) <= _LONG else "#" + sha256(text.encode()).hexdigest()


def stop(card: Card) -> str | None:
    """The instant at which access is over: its end, or when it was ended if that came first."""
    moments = [m for m in (card.get("end"), card.get("ended")) if m]
    return min(moments, default=None)


def told_status(card: Card) -> str:
    """The status as lists tell it. What was ended when its end had passed stays expired (`lifecycle.is_expired`)."""
    end, ended = card.get("end"), card.get("ended")
    return "expired" if card["status"] == "revoked" and end and ended and end <= ended else card["status"]


def summary(card: Card) -> str:
    """The view that lists carry: enough to build access maps and counts without fetching records."""
    who = subject_keys(card["subject"])[0]
    view: dict[str, Any] = {"t": told_status(card), "y": card["type"]}
    if len(who) <= _LONG:
        view["s"] = who
    if card.get("start"):
        view["b"] = card["start"]
    end = stop(card)
    if end:
        view["e"] = end
    return jsontext.dump(view).decode()


def places(card: Card, created: str, due: str | None, size: int) -> list[Entry]:
    """Every list this access stands in. `size` (bytes of its document) lets readers cut pages."""
    view = summary(card)
    product = card["object"]["product"]
    main = KIND if card["type"] == DATA else f"{KIND}/masking"
    found = [Entry(main, created, str(size_class(size))), Entry(product_list(product), created, view)]
    if f"user:{card['requester']}" not in subject_keys(card["subject"]):
        found.append(Entry(requester_list(card["requester"]), created, view))
    decision = card.get("decision")
    if decision is not None and "review" in card:
        found.append(Entry(determined_list(product), decision["at"], card["type"]))
    place = f"{short(product)}/{created}"
    found += [Entry(subject_list(key), place, view) for key in subject_keys(card["subject"])]
    if is_live(card):
        more = {"p": product} | ({"m": card["granted"]} if "granted" in card else {})
        found.append(Entry(LIVE, place, jsontext.dump({**more, **jsontext.load(view.encode())}).decode()))
    return found if due is None else [*found, Entry("due", due, KIND)]


def references(card: Card) -> list[tuple[str, str]]:
    """The products that must not be deleted while this access stands."""
    targets = {card["object"]["product"], card["subject"].get("product", "")} - {"", *card.get("released", ())}
    return [("product", target) for target in sorted(targets)]
