"""The end of every access to a product, for doors whose delete ends accesses instead of being refused by them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from souk.access import lifecycle, record
from souk.access.model import product_list, subject_list
from souk.store.port import MAX_PAGE, EntityStore
from souk.work import Work, run


def end_all_of_product(store: EntityStore, product: str, by: str) -> int:
    """End approved accesses to and of the product, cancel requests, and let go of it; each access in its own commit.

    Call it before the guarded deletion of the product, and again if that is refused because an access came in
    between. Repeating it is harmless. `by` is the caller's label. How many accesses were let go.
    """
    lists = product_list(product), subject_list(f"product:{product}")
    return sum(run(store, partial(_let_go, key, product), principal=by) for name in lists for key in _keys(store, name))


def _keys(store: EntityStore, list_name: str) -> Iterator[str]:
    cursor: str | None = None
    while True:
        page = store.page(list_name, limit=MAX_PAGE, cursor=cursor)
        yield from (entry.key for entry in page.entries)
        cursor = page.cursor
        if cursor is None:
            return


def _let_go(key: str, product: str, work: Work) -> int:
    found = work.at(key)
    if found is None or product in record.card_of(found).get("released", ()):
        return 0
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
    return 1
