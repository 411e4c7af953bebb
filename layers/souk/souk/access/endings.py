"""The end of every access to a product, for doors whose delete ends accesses instead of being refused by them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from souk.access import lifecycle, record
from souk.access.model import product_list, subject_list
from souk.errors import TooLarge
from souk.store.port import MAX_PAGE, EntityStore, Record
from souk.work import Work, run

_AT_ONCE = 4
"""Accesses that end in one commit: each changes some fifteen items, its approvals not counted."""


def end_all_of_product(store: EntityStore, product: str, by: str) -> int:
    """End approved accesses to and of the product, cancel requests, and let go of it; a few accesses in each commit.

    Call it before the guarded deletion of the product, and again if that is refused because an access came in
    between. Repeating it is harmless. `by` is the caller's label. How many accesses were let go.
    """
    lists = product_list(product), subject_list(f"product:{product}")
    return sum(_let_go(store, keys, product, by) for name in lists for keys in _keys(store, name))


def _keys(store: EntityStore, list_name: str) -> Iterator[list[str]]:
    cursor: str | None = None
    while True:
        page = store.page(list_name, limit=MAX_PAGE, cursor=cursor)
        keys = [entry.key for entry in page.entries]
        yield from (keys[at : at + _AT_ONCE] for at in range(0, len(keys), _AT_ONCE))
        cursor = page.cursor
        if cursor is None:
            return


def _let_go(store: EntityStore, keys: list[str], product: str, by: str) -> int:
    """Let these go in one commit; one by one where long reviews make that too large."""
    try:
        return run(store, partial(_let_all_go, keys, product), principal=by)
    except TooLarge:
        if len(keys) == 1:
            raise
        return sum(_let_go(store, [key], product, by) for key in keys)


def _let_all_go(keys: list[str], product: str, work: Work) -> int:
    work.fetch(keys)
    standing = [found for key in keys if (found := work.at(key)) is not None]
    held = [found for found in standing if product not in record.card_of(found).get("released", ())]
    reviews = [record.card_of(found).get("review") for found in held if record.card_of(found)["status"] == "requested"]
    work.fetch(key for review in reviews if review for key in review["approvals"])
    for found in held:
        _end(work, found, product)
    return len(held)


def _end(work: Work, found: Record, product: str) -> None:
    case = record.case_of(work, found)
    card = case.card
    if card["status"] == "requested":
        case.happen("updated", *lifecycle.cancel(card, work.now))
        record.close_review(work, case)
    elif card["status"] == "approved" and not lifecycle.is_final(card, work.now):
        case.happen("updated", *lifecycle.end(card, work.now))
    if product == card["object"]["product"]:
        case.happen("released")
    card["released"] = [*card.get("released", ()), product]
    record.store(work, case)
