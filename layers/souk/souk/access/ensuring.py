"""The ensurer: compares what is granted with what should be, in the order of products, a part at each run.

Expiry is not its affair: the sweep ends accesses within a minute. What lacks is granted again, and the access log says
so; then it says that the product was verified, unless it said so within the last day and nothing has changed since.
"""

from __future__ import annotations

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
from souk.access.model import LIVE, log_list
from souk.grantors.connect import connect
from souk.products.card import Card as ProductCard
from souk.store.port import MAX_PAGE, EntityStore
from souk.work import Work, run

KIND = "ensurance"
"""One record: where the round that is under way goes on."""
_ID = "round"
_SETTLES_WITHIN = timedelta(minutes=5)
"""What is newer is still on its way."""
_SAID_FOR = timedelta(days=1)
_AT_ONCE = 200
"""Accesses of one product that are verified before a run looks at the clock."""
Views = list[dict[str, Any]]


class Ensured(NamedTuple):
    """How a run ended. `left`: it stopped at its bounds; the next run goes on from there."""

    products: int
    repaired: int
    failed: int
    left: bool


def ensure_access(store: EntityStore, report: Report, *, seconds: float = 35.0) -> Ensured:
    """Verify one product after another, for about this long. A product that cannot be verified is reported."""
    ending = time.monotonic() + seconds
    products = repaired = failed = 0
    for place, product, views in _products(store, _reached(store)):
        if products and time.monotonic() > ending:
            run(store, partial(_go_on_at, place))
            return Ensured(products, repaired, failed, left=True)
        products += 1
        try:
            repaired += _ensure(store, product, views)
        except Exception as error:  # noqa: BLE001 - one bad product must not hold up the rest
            report(product, error)
            failed += 1
    run(store, partial(_go_on_at, ""))
    return Ensured(products, repaired, failed, left=False)


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
    settled = [view for view in views if view.get("b", "") <= since]
    repaired = sum(_repaired(store, view["key"]) for view in settled)
    card: ProductCard = product.body["card"]
    if card.get("self_service") and card["ports"] and (repaired or _is_news(work, product_id)):
        run(store, lambda work: queries.note_verified(work, product_id))
    return repaired


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


def _is_news(work: Work, product_id: str) -> bool:
    """Whether saying that it was verified says anything: the log has changed since, or it was long ago.

    A log that changed a moment ago is let rest.
    """
    newest = work.store.page(log_list(product_id), limit=1, reverse=True).entries
    if not newest:
        return True
    verified = jsontext.load(newest[0].view.encode())["action"] == "verify"
    return newest[0].sort < clock.text(work.now - (_SAID_FOR if verified else _SETTLES_WITHIN))


def _reached(store: EntityStore) -> str:
    found = Work(store).find(KIND, _ID)
    return str(found.body["at"]) if found else ""


def _go_on_at(place: str, work: Work) -> None:
    found = work.find(KIND, _ID)
    if place != (found.body["at"] if found else ""):
        work.save(KIND, _ID, {"at": place}, listed=False)
