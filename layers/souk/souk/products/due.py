"""What the sweep does for products: it removes the costs that a deletion left behind."""

from __future__ import annotations

from functools import partial

from souk.access.due import settles
from souk.products.costs import LEFTOVERS, clear_some
from souk.store.port import Record
from souk.work import Work, run


def settle_leftovers(work: Work, task: Record) -> None:
    """Remove the costs, in commits of their own, and then the task."""
    while run(work.store, partial(clear_some, life=task.id)):
        pass
    work.remove(task)


settles(LEFTOVERS, settle_leftovers)
