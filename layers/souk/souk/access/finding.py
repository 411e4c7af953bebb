"""Requests as a door with offset pages lists them: filtered by what entries say, then by what records say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from souk import jsontext
from souk.access import approvals, authority, lifecycle, record
from souk.access.model import (
    KIND,
    Card,
    product_list,
    requester_list,
    stop,
    subject_keys,
    subject_list,
    told_status,
    user_key,
)
from souk.access.queries import state_of
from souk.catalogue import facet
from souk.identity import users
from souk.identity.membership import teams_of
from souk.identity.people import People
from souk.identity.principal import GOVERNANCE, Principal
from souk.store.port import MAX_PAGE, Listed, Record
from souk.work import Work

PEOPLE = ("user", "service")
"""Kinds of subjects that are persons, or act as one."""
_CUT_SHORT = frozenset({"revoked", "canceled"})
"""States in which an entry tells when the access was ended, not when it should have ended."""
LIVE = frozenset({"requested", "approved", "active"})
ROLES = ("requestor", "manager", "steward")
_BY_PRODUCT = product_list("")
REVIEWED = ("noReviews", "reviewedByYou", "awaitingReviewFromYou")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters; None or empty: any. `users` are ids, `states` words of `lifecycle.state`, `types` of the model."""

    states: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()
    text: str = ""
    ends: bool | None = None
    product: str | None = None
    reviews: frozenset[str] = frozenset()
    live_only: bool = False
    sort: str = "created"
    """created, updated, status, product, end."""
    words: Mapping[str, str] = field(default_factory=dict)
    """How states are called where they are sorted by."""
    descending: bool = True


class Found(NamedTuple):
    """One page, and how many there are in all."""

    records: list[Record]
    total: int


class _Candidate(NamedTuple):
    key: str
    created: str
    view: dict[str, Any]


@dataclass(slots=True)
class _Search:
    work: Work
    by: Principal
    wanted: Wanted
    titles: Callable[[Record], str]
    subjects: frozenset[str] | None = None
    called: frozenset[str] = frozenset()
    """Labels of the users whom the text means."""


def find_of_product(
    work: Work, product: str, wanted: Wanted, by: Principal, offset: int, limit: int, titles: Callable[[Record], str]
) -> Found:
    """A page of the requests to a product. `titles` tells the product's name that a request shows."""
    return _page(_search(work, by, wanted, titles), _of_list(work, product_list(product)), offset, limit)


def find_of_caller(
    work: Work,
    roles: frozenset[str],
    wanted: Wanted,
    by: Principal,
    offset: int,
    limit: int,
    titles: Callable[[Record], str],
) -> Found:
    """A page of the requests that concern the caller in one of these roles."""
    candidates = {c.key: c for name in _lists_of_caller(work, roles, by) for c in _of_list(work, name)}
    return _page(_search(work, by, wanted, titles), candidates.values(), offset, limit)


def shown_end(card: Card) -> str | None:
    """When a temporary access ends, or ended by itself."""
    return card.get("end")


def updated(found: Record, now: datetime) -> str:
    """The instant of the last transition, one of the calendar included."""
    card = record.card_of(found)
    end = card.get("end")
    return max(found.updated, end) if end is not None and lifecycle.is_expired(card, now) else found.updated


def _search(work: Work, by: Principal, wanted: Wanted, titles: Callable[[Record], str]) -> _Search:
    subjects = None
    if wanted.users:
        known = [users.find_user(work, user_id) for user_id in wanted.users]
        labels = {one.body["card"]["email"] or one.id for one in known if one} | set(wanted.users)
        if by.kind == "user" and by.id in wanted.users:
            labels.add(by.label)
        subjects = frozenset(f"{kind}:{user_key(label)}" for label in labels for kind in PEOPLE)
    called = users.labels_of(work, wanted.text) if wanted.text else frozenset()
    return _Search(work, by, wanted, titles, subjects, called)


def _page(search: _Search, candidates: Iterable[_Candidate], offset: int, limit: int) -> Found:
    wanted = search.wanted
    kept = [c for c in candidates if _entry_fits(search, c)]
    if wanted.ends is not None or wanted.sort == "end":
        search.work.fetch(c.key for c in kept if _state(search, c) in _CUT_SHORT)
        kept = [c for c in kept if wanted.ends is None or bool(_end(search, c)) == wanted.ends]
    if wanted.text or wanted.reviews or wanted.sort in {"updated", "product"}:
        search.work.fetch(c.key for c in kept)
        kept = [c for c in kept if (found := search.work.at(c.key)) is not None and _record_fits(search, found)]
    kept.sort(key=lambda c: _order(search, c), reverse=wanted.descending)
    shown = kept[offset : offset + limit]
    subjects = [c.view["s"].partition(":") for c in shown]
    people = People(search.work, search.by).keys(name for kind, _, name in subjects if kind == "user")
    search.work.along(people)
    search.work.fetch(c.key for c in shown)
    return Found([found for c in shown if (found := search.work.at(c.key)) is not None], len(kept))


def _entry_fits(search: _Search, candidate: _Candidate) -> bool:
    wanted, view = search.wanted, candidate.view
    state = state_of(view, search.work.now)
    who = view["s"]
    return (
        who.partition(":")[0] in PEOPLE
        and (not wanted.states or state in wanted.states)
        and (not wanted.types or view["y"] in wanted.types)
        and (not wanted.live_only or state in LIVE)
        and (search.subjects is None or who in search.subjects)
        and (wanted.product is None or view["p"] == wanted.product)
    )


def _record_fits(search: _Search, found: Record) -> bool:
    wanted = search.wanted
    if wanted.text and not _has_text(search, found):
        return False
    return not wanted.reviews or not wanted.reviews.isdisjoint(_reviews(search, found))


def _has_text(search: _Search, found: Record) -> bool:
    text = search.wanted.text.casefold()
    who = subject_keys(record.card_of(found)["subject"])[0].partition(":")[2]
    return who in search.called or text in who.casefold() or text in search.titles(found).casefold()


def _state(search: _Search, candidate: _Candidate) -> str:
    return state_of(candidate.view, search.work.now)


def _end(search: _Search, candidate: _Candidate) -> str:
    """When a temporary access ends: as its entry says, or as its record says where it was cut short."""
    if _state(search, candidate) not in _CUT_SHORT:
        return str(candidate.view.get("e", ""))
    found = search.work.at(candidate.key)
    return shown_end(record.card_of(found)) or "" if found is not None else ""


def _reviews(search: _Search, found: Record) -> set[str]:
    """Which words of REVIEWED hold for the caller."""
    card = record.card_of(found)
    review = approvals.read(search.work, card["review"]["approvals"]) if "review" in card else []
    actions = [a.card["action"]["by"] for a in review if "action" in a.card]
    words = set() if actions else {"noReviews"}
    if search.by.label in actions:
        words.add("reviewedByYou")
    who = authority.actor(search.work, search.by, card["object"]["product"])
    open_ones = [a for a in review if a.card["status"] == "pending"]
    if any(who.is_key or authority.matches(approver, who) for a in open_ones for approver in a.card["approvers"]):
        words.add("awaitingReviewFromYou")
    return words


def _order(search: _Search, candidate: _Candidate) -> tuple[str, str, str]:
    found = search.work.at(candidate.key) if search.wanted.sort in {"updated", "product"} else None
    first = candidate.created
    if search.wanted.sort == "status":
        state = _state(search, candidate)
        first = search.wanted.words.get(state, state)
    elif found is not None and search.wanted.sort == "updated":
        first = updated(found, search.work.now)
    elif found is not None and search.wanted.sort == "product":
        first = search.titles(found)
    elif search.wanted.sort == "end":
        first = _end(search, candidate)
    return first, candidate.created, candidate.key


def _lists_of_caller(work: Work, roles: frozenset[str], by: Principal) -> Iterator[str]:
    governs = by.kind == "key" or GOVERNANCE in by.permissions
    if governs and "manager" in roles:
        yield from (KIND, f"{KIND}/masking")
        return
    if "requestor" in roles:
        yield from (subject_list(f"user:{user_key(by.label)}"), requester_list(by.label))
    names = [facet("product/by-domain", domain) for domain in sorted(by.managed_domains)] if "manager" in roles else []
    if "steward" in roles:
        names += [facet("product/by-owner", team) for team in sorted(teams_of(by, work))]
    for product in dict.fromkeys(found.id for name in names for found in work.records(name)):
        yield product_list(product)


def _of_list(work: Work, name: str) -> Iterator[_Candidate]:
    """The requests of a list, from its entries where they carry summaries."""
    cursor: str | None = None
    while True:
        page = work.store.page(name, limit=MAX_PAGE, cursor=cursor)
        work.fetch(entry.key for entry in page.entries if not _tells(name, entry))
        for entry in page.entries:
            candidate = _candidate(work, name, entry)
            if candidate is not None:
                yield candidate
        cursor = page.cursor
        if cursor is None:
            return


def _tells(name: str, entry: Listed) -> bool:
    return name.startswith(_BY_PRODUCT) and '"s":' in entry.view


def _candidate(work: Work, name: str, entry: Listed) -> _Candidate | None:
    if _tells(name, entry):
        view = jsontext.load(entry.view.encode()) | {"p": name.removeprefix(_BY_PRODUCT)}
        return _Candidate(entry.key, entry.sort, view)
    found = work.at(entry.key)
    if found is None:
        return None
    card = record.card_of(found)
    view = {
        "t": told_status(card),
        "y": card["type"],
        "s": subject_keys(card["subject"])[0],
        "p": card["object"]["product"],
    }
    times = {"b": card.get("start"), "e": stop(card)}
    return _Candidate(entry.key, found.created, view | {name: at for name, at in times.items() if at})
