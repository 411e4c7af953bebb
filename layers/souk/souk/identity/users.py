"""Users: one record a person, whatever door or token they came by.

A user exists from the first valid token on, or by `put_user`. What a record grants (permissions, managed domains,
teams) adds to what the token's claims grant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NotRequired, TypedDict
from uuid import UUID, uuid5

from souk import jsontext
from souk.catalogue import facet
from souk.errors import Invalid
from souk.identity.principal import PERMISSIONS, Principal
from souk.ids import is_uuid, record_key
from souk.store.port import MAX_PAGE, Entry, Record
from souk.work import Work

KIND = "user"
NAMED = f"{KIND}/named"
"""Every user with a record; the view holds e-mail and name, so that names are searched without reading records."""
PEOPLE = UUID("7f0c6a52-5b0e-4d0e-9d5b-6f2a1c3e8b94")
"""Namespace of user ids that are derived from e-mails. Never changes: ids are stored."""


_SHOWN = 500


class UserCard(TypedDict):
    """What is kept of a person. `email` is lower-cased, and empty when a token never told it."""

    name: str
    email: str
    teams: list[str]
    permissions: list[str]
    managed_domains: list[str]
    attributes: NotRequired[dict[str, list[str]]]


def id_for_email(email: str) -> str:
    """The id of a user who is known by e-mail alone."""
    return str(uuid5(PEOPLE, email.strip().lower()))


def record_keys(user_id: str, email: str) -> list[str]:
    """Keys of the records that may speak of this person: under the id, and under the id of the e-mail.

    Under the latter stands who was provisioned before the first token told the id.
    """
    ids = [user_id, id_for_email(email) if email else ""]
    return [record_key(KIND, exact_id) for exact_id in dict.fromkeys(ids) if exact_id]


def put_user(
    work: Work,
    *,
    name: str,
    email: str,
    id: str | None = None,
    permissions: Iterable[str] = (),
    managed_domains: Iterable[str] = (),
    teams: Iterable[str] = (),
    attributes: Mapping[str, Any] | None = None,
) -> Record:
    """Create or replace a user. Without an id it is the one derived from the e-mail. Raises Invalid."""
    address, allowed = email.strip().lower(), sorted(set(permissions))
    strange = [word for word in allowed if word not in PERMISSIONS]
    if strange:
        raise Invalid(f"unknown permissions: {', '.join(strange)}; there are {', '.join(sorted(PERMISSIONS))}")
    if "@" not in address:
        raise Invalid(f"a user needs an e-mail address, not {email[:80]!r}")
    if id is not None and not is_uuid(id):
        raise Invalid("a user's id is a lower-case UUID")
    card: UserCard = {
        "name": name,
        "email": address,
        "teams": sorted(set(teams)),
        "permissions": allowed,
        "managed_domains": sorted(set(managed_domains)),
    }
    if attributes:
        card["attributes"] = _checked(attributes)
    return _save(work, id or id_for_email(address), card)


def ensure_user(work: Work, principal: Principal) -> Record | None:
    """The caller's record, made or brought up to date (name, e-mail) if need be; None for callers who are no users."""
    if principal.kind != "user":
        return None
    record = work.find(KIND, principal.id)
    known: UserCard = record.body["card"] if record else _unknown()
    card: UserCard = {**known, "name": principal.name or known["name"], "email": principal.email or known["email"]}
    return record if record and card == known else _save(work, principal.id, card)


def find_user(work: Work, user_id: str) -> Record | None:
    """The user with this id, or None."""
    return work.find(KIND, user_id)


def by_email(work: Work, email: str) -> Record | None:
    """The user with this e-mail, or None. Of several records the one whose id a token told."""
    address = email.strip().lower()
    found = list(work.records(facet(f"{KIND}/by-email", address)))
    derived = id_for_email(address)
    return min(found, key=lambda record: (record.id == derived, record.created), default=None)


def list_users(work: Work) -> Iterator[Record]:
    """Every user, oldest record first."""
    return work.records(KIND)


def labels_of(work: Work, text: str) -> frozenset[str]:
    """How accesses name the users whose name or e-mail holds this text, in whatever case: e-mails, else ids."""
    found: set[str] = set()
    cursor: str | None = None
    while True:
        page = work.store.page(NAMED, limit=MAX_PAGE, cursor=cursor)
        for entry in page.entries:
            email, name = jsontext.load(entry.view.encode())
            if text.casefold() in f"{email}\n{name}".casefold():
                found.add(email or entry.sort)
        cursor = page.cursor
        if cursor is None:
            return frozenset(found)


def remove_user(work: Work, user_id: str) -> None:
    """Forget what the record grants. A token of the same person makes them known again, without it. Raises NotFound."""
    work.remove(work.get(KIND, user_id))


def attributes_of(card: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """The (name, value) pairs of a user's card."""
    return frozenset((name, value) for name, values in (card.get("attributes") or {}).items() for value in values)


def _checked(attributes: Mapping[str, Any]) -> dict[str, list[str]]:
    """Values as lists of texts. Raises Invalid."""
    listed = {name: [value] if isinstance(value, str) else value for name, value in attributes.items()}
    for name, values in listed.items():
        if not name or not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise Invalid(f"the attribute {str(name)[:80]!r} of a user has a text or a list of texts")
    return {name: sorted(set(values)) for name, values in listed.items()}


def _save(work: Work, user_id: str, card: UserCard) -> Record:
    places: list[str | Entry] = [facet(f"{KIND}/by-email", card["email"])] if card["email"] else []
    places.append(Entry(NAMED, user_id, jsontext.dump([card["email"][:_SHOWN], card["name"][:_SHOWN]]).decode()))
    body: dict[str, Any] = {"card": card}
    return work.save(KIND, user_id, body, lists=places)


def _unknown() -> UserCard:
    return {"name": "", "email": "", "teams": [], "permissions": [], "managed_domains": []}
