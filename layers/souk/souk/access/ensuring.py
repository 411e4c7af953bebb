"""The ensurer: compares what is granted with what should be, in the order of products, a part at each run.

Expiry is not its affair: the sweep ends accesses within a minute. What lacks is granted again, and the access log says
so. When all products were compared, the log of each self-service product with ports says that it was verified.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

from souk import clock, jsontext
from souk.access import grants, queries, record
from souk.access.due import Report
from souk.access.granting import apply_access, conclude
from souk.access.grants import Card
from souk.access.model import LIVE
from souk.grantors.connect import connect
from souk.products.products import SELF_SERVICE
from souk.store.port import MAX_PAGE, EntityStore
from souk.work import Work, run

KIND = "ensurance"
"""One record: where the round that is under way goes on, and when one last said that products were verified."""
_ID = "round"
_COMPARE, _SAY = "compare", "say"
_EVERY = timedelta(minutes=5)
"""How often the schedule runs it."""
_SETTLES_WITHIN = timedelta(minutes=5)
"""What is newer is still on its way."""
_AT_ONCE = 200
"""Accesses of one product that are verified before a run looks at the clock."""
_SAID_AT_ONCE = 45
"""Products whose logs one commit writes to, each with a record and its entry."""
_MANY_FAILED = 1000
Views = list[dict[str, Any]]


class Ensured(NamedTuple):
    """How a run ended. `left`: it stopped at its bounds; the next run goes on from there."""

    products: int
    repaired: int
    failed: int
    left: bool


class _Round(NamedTuple):
    """Where a round stands: its phase, the place reached in it, the products that could not be verified."""

    phase: str = _COMPARE
    at: str = ""
    failed: tuple[str, ...] = ()
    said: str = ""


def ensure_access(store: EntityStore, report: Report, *, seconds: float = 35.0) -> Ensured:
    """Verify one product after another, for about this long. A product that cannot be verified is reported."""
    ending = time.monotonic() + seconds
    reached = _reached(store)
    done = Ensured(0, 0, 0, left=False)
    if reached.phase == _COMPARE:
        done, reached = _compare(store, reached, report, ending)
    if not done.left:
        reached = _say_verified(store, reached, ending)
        done = done._replace(left=reached.phase == _SAY)
    run(store, partial(_go_on_at, reached))
    return done


def _compare(store: EntityStore, reached: _Round, report: Report, ending: float) -> tuple[Ensured, _Round]:
    products = repaired = 0
    failed: list[str] = []
    for place, product, views in _products(store, reached.at):
        if products and time.monotonic() > ending:
            stopped = reached._replace(at=place, failed=(*reached.failed, *failed)[:_MANY_FAILED])
            return Ensured(products, repaired, len(failed), left=True), stopped
        products += 1
        try:
            repaired += _ensure(store, product, views)
        except Exception as error:  # noqa: BLE001 - one bad product must not hold up the rest
            report(product, error)
            failed.append(product)
    behind = reached._replace(phase=_SAY, at="", failed=(*reached.failed, *failed)[:_MANY_FAILED])
    return Ensured(products, repaired, len(failed), left=False), behind


def _say_verified(store: EntityStore, reached: _Round, ending: float) -> _Round:
    """The access logs say `verify`, unless the setting thins that out. The round goes on here next time if need be."""
    now = clock.text(clock.now())
    if not reached.at and not _is_time(reached.said, now):
        return _Round(said=reached.said)
    low, said = reached.at, reached.said
    while True:
        page = store.page(SELF_SERVICE, limit=_SAID_AT_ONCE, low=low)
        verified = [entry.view for entry in page.entries if entry.view not in reached.failed]
        if verified:
            run(store, partial(_note_verified, verified))
            said = now
        if page.cursor is None:
            return _Round(said=said)
        low = page.entries[-1].sort + "0"
        if time.monotonic() > ending:
            return reached._replace(at=low)


def _note_verified(products: list[str], work: Work) -> None:
    queries.note_verified(work, products)


def _is_time(said: str, now: str) -> bool:
    """`SOUK_VERIFY_MINUTES`: at every run up to 5 (the default), else when so many have passed; 0: never."""
    minutes = int(os.environ.get("SOUK_VERIFY_MINUTES") or 5)
    if not said or not minutes:
        return bool(minutes)
    return clock.parse(now) - clock.parse(said) > timedelta(minutes=minutes) - _EVERY


def _products(store: EntityStore, low: str) -> Iterator[tuple[str, str, Views]]:
    """Each product with live accesses: its place in the list, its id, the accesses' views. Large ones come in parts."""
    cursor: str | None = None
    held: list[tuple[str, dict[str, Any]]] = []
    while True:
        page = store.page(LIVE, limit=MAX_PAGE, cursor=cursor, low=low)
        held += [(entry.sort, {"key": entry.key, **jsontext.load(entry.view.encode())}) for entry in page.entries]
        grouped = [list(some) for _, some in groupby(held, key=lambda one: one[1]["p"])]
        cursor = page.cursor
        # The last product of a page may go on in the next one.
        held = grouped.pop() if cursor is not None and grouped else []
        for some in grouped:
            for at in range(0, len(some), _AT_ONCE):
                yield some[at][0], some[at][1]["p"], [view for _, view in some[at : at + _AT_ONCE]]
        if cursor is None:
            return


def _ensure(store: EntityStore, product_id: str, views: Views) -> int:
    """Verify one product. How many grants were made again."""
    work = Work(store)
    since = clock.text(work.now - _SETTLES_WITHIN)
    product = work.find("product", product_id)
    if product is None or product.created > since:
        return 0
    return sum(_repaired(store, view["key"]) for view in views if view.get("b", "") <= since)


def _repaired(store: EntityStore, access_key: str) -> bool:
    """Grant again what is missing. Whether it was."""
    grantor = connect()
    if not (grantor.applies or grantor.reports):
        return False
    before = grants.find_grant(Work(store), access_key)
    if before is not None and grants.card_of(before)["state"] != "granted":
        return False  # it is due by itself
    apply_access(store, access_key)
    standing = grants.find_grant(Work(store), access_key)
    if standing is None:
        return False
    lacks = before is None
    if not lacks and grants.card_of(standing)["state"] == "granted":
        lacks = not all(grantor.holds(permission) for permission in grants.card_of(standing)["held"])
        if lacks:
            run(store, partial(_note_drift, access_key))
            apply_access(store, access_key, anew=True)
    if lacks:
        run(store, partial(_note_grant, access_key))
    return lacks


def _note_drift(access_key: str, work: Work) -> None:
    found = grants.find_grant(work, access_key)
    if found is not None and grants.card_of(found)["state"] == "granted":
        conclude(work, found, _drifted)


def _drifted(card: Card) -> None:
    card["state"], card["reason"] = "drifted", "the system did not have it any more"


def _note_grant(access_key: str, work: Work) -> None:
    """The access log says that the job granted again; no author means the job."""
    found = work.at(access_key)
    if found is not None:
        record.log_line(work, record.case_of(work, found), "grant", "")


def _reached(store: EntityStore) -> _Round:
    found = Work(store).find(KIND, _ID)
    if found is None:
        return _Round()
    return _Round(**{**found.body, "failed": tuple(found.body["failed"])})


def _go_on_at(reached: _Round, work: Work) -> None:
    body = {**reached._asdict(), "failed": list(reached.failed)}
    found = work.find(KIND, _ID)
    if found is None or found.body != body:
        work.save(KIND, _ID, body, listed=False)
