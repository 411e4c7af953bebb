"""People as other people see them: whoever a label (an e-mail, a user id, a key's id) means, known or not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from souk.identity import users
from souk.identity.principal import Principal
from souk.ids import as_uuid, is_uuid, record_key
from souk.store.port import Record
from souk.work import Work


class Person(NamedTuple):
    """One person, or whoever else acts. `id` is a UUID; `label` is how accesses name them."""

    id: str
    label: str
    name: str
    email: str
    permissions: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    attributes: frozenset[tuple[str, str]] = frozenset()


class People:
    """Looks people up for one answer, each once."""

    def __init__(self, work: Work, caller: Principal) -> None:
        self.work, self.caller = work, caller
        self._known: dict[str, Person] = {}

    def prepare(self, labels: Iterable[str]) -> None:
        """Read what is likely to be asked for in one round trip."""
        self.work.fetch(self.keys(labels))

    def keys(self, labels: Iterable[str]) -> list[str]:
        """Keys of the records that are likely to be asked for."""
        named = (label for label in labels if label and not self._is_key(label))
        ids = (label if is_uuid(label) else users.id_for_email(label) for label in named)
        return [record_key(users.KIND, user_id) for user_id in ids]

    def find(self, user_id: str) -> Person | None:
        """The user with this id, or None. The caller is known, with or without a record."""
        record = users.find_user(self.work, user_id)
        if record is not None:
            return _person(record)
        return self.me() if self._is_caller(user_id) else None

    def me(self) -> Person:
        """The caller."""
        who = self.caller
        return Person(
            who.id if who.kind == "user" else as_uuid("api_key", who.id),
            who.label,
            who.name or who.label,
            who.email,
            who.permissions,
            who.managed_domains,
            who.teams,
            who.attributes,
        )

    def called(self, label: str) -> Person:
        """Whoever the label means. One that no record speaks of has the id that follows from the label."""
        if label not in self._known:
            self._known[label] = self._look_up(label)
        return self._known[label]

    def _look_up(self, label: str) -> Person:
        """A record's words come first, so that everybody sees the same of a person. A key has no such record."""
        if self._is_key(label):
            return Person(as_uuid("api_key", label), label, label, "")
        record = users.find_user(self.work, label) if is_uuid(label) else None
        if self._is_caller(label):
            record = users.find_user(self.work, self.caller.id)
        if record is None and "@" in label:
            record = users.by_email(self.work, label)
        if record is not None:
            return _person(record)
        if self._is_caller(label):
            return self.me()
        if "@" in label:
            return Person(users.id_for_email(label), label, label.partition("@")[0], label)
        return Person(as_uuid("api_key", label), label, label, "")

    def _is_key(self, label: str) -> bool:
        return self.caller.kind == "key" and label == self.caller.id

    def _is_caller(self, text: str) -> bool:
        return self.caller.kind == "user" and text in {self.caller.id, self.caller.email} - {""}


def _person(record: Record) -> Person:
    card: users.UserCard = record.body["card"]
    granted = frozenset(card["permissions"]), frozenset(card["managed_domains"]), frozenset(card["teams"])
    known = record.id, card["email"] or record.id, card["name"] or card["email"], card["email"]
    return Person(*known, *granted, users.attributes_of(card))
