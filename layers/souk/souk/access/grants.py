"""Grants: whether the system that holds the data does what an access says. One record for each access that it does.

The access is what should be, the grant is how far the system has come: pending, granted, failed, drifted. A grant
exists while something is given or should be; where the grantor is `none`, there are none and all is well at once.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, NotRequired, TypedDict

from souk import jsontext
from souk.access import lifecycle
from souk.access.model import KIND as ACCESS
from souk.access.model import Subject
from souk.errors import Invalid, NotFound
from souk.grantors.connect import connect
from souk.grantors.port import Permission
from souk.ids import keys_of_url_id, record_key
from souk.store.port import Entry, Record
from souk.work import Work

KIND = "grant"
State = Literal["pending", "granted", "failed", "drifted"]
STATES = ("pending", "granted", "failed", "drifted")
_AT_ONCE = 100
"""Grants of one page; of one state they may be fewer."""


class Card(TypedDict):
    """The grant of one access. `attempt` numbers what was tried; a report names the attempt that it is about."""

    access: str
    key: str
    """The access's key: the part of the id that fits into any path."""
    product: str
    subject: Subject
    wanted: bool
    """False: the access is over, and what was given is being taken back."""
    state: State
    attempt: int
    tries: int
    """Failures in a row."""
    held: list[Permission]
    """What the system may hold, in its words: all of it must be taken back some day."""
    end: NotRequired[str]
    reason: NotRequired[str]
    at: str
    """When the state was last looked at."""
    due: NotRequired[str]
    """When it is tried again."""


class Shown(NamedTuple):
    """A page of grants, and where to go on (None: that was all)."""

    grants: list[Card]
    next: str | None


def grant_id(access_key: str) -> str:
    """The exact id of an access's grant: the access's key."""
    return access_key


def key_of(access_key: str) -> str:
    """The record key of an access's grant."""
    return record_key(KIND, grant_id(access_key))


def keys_of_shown(shown_id: str) -> list[str]:
    """Keys of the grants that a path may mean: by the access's exact id, or by its key."""
    return [key_of(key) for key in keys_of_url_id(ACCESS, shown_id)]


def find_grant(work: Work, access_key: str) -> Record | None:
    """The grant of an access, or None."""
    return work.at(key_of(access_key))


def get_grant(work: Work, shown_id: str) -> Record:
    """The grant of the access with this id or key. Raises NotFound."""
    keys = keys_of_shown(shown_id)
    work.fetch(keys)
    found = next((record for key in keys if (record := work.at(key)) is not None), None)
    if found is None:
        raise NotFound("there is no grant for this access", kind=KIND, id=shown_id)
    return found


def list_grants(work: Work, state: str = "", start: str = "") -> Shown:
    """A page of the grants, of one state or of all.

    Raises Invalid (there is no such state), Unreadable (no earlier page gave this `start`).
    """
    if state and state not in STATES:
        raise Invalid(f"a grant is one of {', '.join(STATES)}")
    page = work.store.page(KIND, limit=_AT_ONCE, cursor=start or None)
    chosen = [one.key for one in page.entries if not state or jsontext.load(one.view.encode())["s"] == state]
    work.fetch(chosen)
    return Shown([card_of(found) for key in chosen if (found := work.at(key)) is not None], page.cursor)


def health(work: Work, shown_id: str) -> dict[str, Any]:
    """How the grant of an access stands: its card, or a word for an access that has none. Raises NotFound."""
    keys = keys_of_url_id(ACCESS, shown_id)
    work.fetch([*keys, *map(key_of, keys)])
    for key in keys:
        grant, access = find_grant(work, key), work.at(key)
        if grant is not None:
            return dict(card_of(grant))
        if access is not None and access.kind == ACCESS:
            wanted = lifecycle.is_active(access.body["card"], work.now)
            given = wanted and not connect().reports and not connect().applies
            state = "granted" if given else "pending" if wanted else "none"
            return {"access": access.id, "key": key, "wanted": wanted, "state": state, "attempt": 0}
    raise NotFound("this access does not exist", kind=ACCESS, id=shown_id)


def card_of(found: Record) -> Card:
    """The card as it is stored. Not to be changed."""
    card: Card = found.body["card"]
    return card


def keep(work: Work, card: Card) -> Record:
    """Stage the grant; what has nothing due stands in no list of due ones."""
    view = jsontext.dump({"s": card["state"], "w": card["wanted"]}).decode()
    lists = [Entry(KIND, card["key"], view)]
    if "due" in card:
        lists.append(Entry("due", card["due"], KIND))
    return work.save(KIND, grant_id(card["key"]), {"card": card}, lists=lists, listed=False)
