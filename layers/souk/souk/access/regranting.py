"""Having the system that holds the data do again what accesses say, by command: one, or all in force or held."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from souk.access import grants, record
from souk.access.granting import apply_access
from souk.access.model import KIND, LIVE, is_live
from souk.grantors.connect import connect
from souk.ids import keys_of_url_id
from souk.store.port import EntityStore, Listed
from souk.work import Work, run

_AT_ONCE = 100
"""Grants that one commit asks for, and records that one read gets."""
_LIVE, _HELD = "live:", "held:"


class Asked(NamedTuple):
    """How many grants were asked for, and where to go on (None: that was all)."""

    grants: int
    next: str | None


def apply_again(store: EntityStore, shown_id: str) -> dict[str, Any]:
    """Bring the system in line with this access, now. How its grant stands then. Raises NotFound."""
    grants.health(Work(store), shown_id)
    for key in keys_of_url_id(KIND, shown_id):
        apply_access(store, key, anew=True)
    return grants.health(Work(store), shown_id)


def ask_for_all(store: EntityStore, start: str = "", *, seconds: float = 35.0) -> Asked:
    """Have every grant made again that should be, or may still be, there: each by a notice of its own, soon.

    Goes on for about so long. Raises Unreadable for a `start` that no earlier call gave.
    """
    ending = time.monotonic() + seconds
    if not (connect().applies or connect().reports):
        return Asked(0, None)
    asked, place = 0, start or _LIVE
    while place:
        keys, place = _held(store, place) if place.startswith(_HELD) else _in_force(store, place)
        if keys:
            run(store, partial(_ask, keys))
        asked += len(keys)
        if place and time.monotonic() > ending:
            return Asked(asked, place)
    return Asked(asked, None)


def _in_force(store: EntityStore, place: str) -> tuple[dict[str, str], str]:
    page = store.page(LIVE, limit=_AT_ONCE, cursor=place.removeprefix(_LIVE) or None)
    return dict(_named(store, page.entries)), _LIVE + page.cursor if page.cursor else _HELD


def _held(store: EntityStore, place: str) -> tuple[dict[str, str], str]:
    """What the system may hold of accesses that are not in force."""
    work = Work(store)
    page = store.page(grants.KIND, limit=_AT_ONCE, cursor=place.removeprefix(_HELD) or None)
    work.fetch(entry.key for entry in page.entries)
    cards = [grants.card_of(found) for entry in page.entries if (found := work.at(entry.key)) is not None]
    work.fetch(card["key"] for card in cards)
    over = {card["key"]: card["access"] for card in cards if not _is_in_force(work, card["key"])}
    return over, _HELD + page.cursor if page.cursor else ""


def _named(store: EntityStore, entries: list[Listed]) -> Iterator[tuple[str, str]]:
    work = Work(store)
    work.fetch(entry.key for entry in entries)
    for entry in entries:
        found = work.at(entry.key)
        if found is not None:
            yield found.key, found.id


def _is_in_force(work: Work, access_key: str) -> bool:
    found = work.at(access_key)
    return found is not None and found.kind == KIND and is_live(record.card_of(found))


def _ask(keys: dict[str, str], work: Work) -> None:
    for key, access in keys.items():
        work.notice("grant.due", id=access, key=key)
