"""What the calendar brings to releases: publishes that were interrupted, and accesses to be taken away."""

from __future__ import annotations

from souk import clock
from souk.access import lifecycle, queries, record
from souk.access.due import settles
from souk.releases.keeping import keep_version, stored
from souk.releases.model import KIND
from souk.releases.publishing import postpone
from souk.releases.waiting import MACHINE
from souk.store.port import EntityStore, Record
from souk.work import Work, run
from souk.workflows import start


def settle_release(work: Work, found: Record) -> None:
    """Start an unfinished publish again, and end accesses that are to end. Raises Failed."""
    now, card = clock.text(work.now), stored(found)
    if card.get("revoke_at", now + "~") <= now:
        end_accesses(work.store, card["product"], card["created_by"])
        del card["revoke_at"]
        keep_version(work, found.id, card, found.body["views"])
    elif "publishing" in card and card["publishing"]["due"] <= now:
        # A name of its own for every time: the run's first execution may have ended without an effect.
        attempt = card["publishing"]["attempt"]
        start(MACHINE, f"{attempt}-{found.revision}", {"release": found.id, "attempt": attempt})
        postpone(work, found)


def revoke_now(store: EntityStore, version_id: str) -> None:
    """End the accesses that a retirement takes away at once; the sweep would do it within a minute or two."""
    run(store, lambda work: settle_release(work, work.get(KIND, version_id)))


def end_accesses(store: EntityStore, product: str, by: str) -> int:
    """End every access to the product and cancel every request, each in a commit of its own. How many there were."""
    ids = [found.id for found in queries.by_product(Work(store), product)]
    return sum(run(store, lambda work, one=one: _end(work, one), principal=by) for one in ids)  # type: ignore[misc]


def _end(work: Work, access_id: str) -> int:
    case = record.open_case(work, access_id, only=None)
    if case.card["status"] == "requested":
        case.happen("updated", *lifecycle.cancel(case.card, work.now))
        record.close_review(work, case)
    elif case.card["status"] == "approved" and not lifecycle.is_final(case.card, work.now):
        case.happen("updated", *lifecycle.end(case.card, work.now))
    else:
        return 0
    record.store(work, case)
    return 1


settles(KIND, settle_release)
