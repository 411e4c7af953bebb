"""Revocations: taking a product away from everybody who has access to it, at once or at an instant to come.

A revocation is a record, so that it can be looked at before, while and after it runs. It ends each access in a commit
of its own that counts it too; whoever is interrupted leaves the rest to the sweep.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import NotRequired, TypedDict, cast

from souk import clock
from souk.access import lifecycle, queries, record
from souk.catalogue import facet
from souk.identity.principal import Principal
from souk.releases.model import Version
from souk.releases.product import product_with_id
from souk.releases.rights import demand_owner_of_card, demand_writer
from souk.store.port import EntityStore, Entry, Record
from souk.work import Work, run

KIND = "revocation"
NOT_STARTED = "not_started"
RUNNING = "in_progress"
SUCCEEDED = "succeeded"
SECONDS = 15.0
"""About so long one attempt goes on; the next sweep goes on where it ended."""


class RevocationCard(TypedDict):
    """The `card` of a revocation. Instants are text; `ended` counts accesses and requests that it ended."""

    product: str
    release: str
    by: str
    state: str
    starts: str
    requests: bool
    """Requests that nobody decided yet are canceled too."""
    ended: int
    finished: NotRequired[str]


def plan_revocation(
    work: Work, release: Version, at: datetime | None, principal: Principal, *, requests: bool
) -> Record:
    """Have every access to the release's product end, at this instant or now. Raises NotAllowed."""
    product = product_with_id(work, release.product)
    demand_writer(work, principal, product, release)
    demand_owner_of_card(work, principal, product)
    card = RevocationCard(
        product=release.product,
        release=release.id,
        by=principal.label,
        state=NOT_STARTED,
        starts=clock.text(at or work.now),
        requests=requests,
        ended=0,
    )
    return _keep(work, work.new_id(KIND), card)


def revocations_of(work: Work, release: Version) -> list[Record]:
    """Every revocation that was asked for at this release, newest first."""
    return list(work.records(_by_release(release.id), reverse=True))


def revocation_card(found: Record) -> RevocationCard:
    """A copy of the revocation's card, to be changed and kept."""
    return cast(RevocationCard, dict(found.body["card"]))


def is_due(work: Work, found: Record) -> bool:
    """It is to begin now, or has begun and not finished."""
    card = revocation_card(found)
    return card["state"] != SUCCEEDED and card["starts"] <= clock.text(work.now)


def carry_out(store: EntityStore, revocation_id: str, *, seconds: float = SECONDS) -> None:
    """End the accesses, oldest first, for about so many seconds; safe to repeat, and to run twice at once."""
    work = Work(store)
    found = work.get(KIND, revocation_id)
    card, ending = revocation_card(found), time.monotonic() + seconds
    if not is_due(work, found):
        return
    for access in queries.by_product(work, card["product"]):
        if time.monotonic() > ending:
            return
        run(store, lambda work, one=access.id: _end(work, one, revocation_id), principal=card["by"])  # type: ignore[misc]
    run(store, lambda work: _finish(work, revocation_id))


def settle_revocation(work: Work, found: Record) -> None:
    """For the sweep: carry out what is due. It commits by itself."""
    carry_out(work.store, found.id)


def _end(work: Work, access_id: str, revocation_id: str) -> None:
    case = record.open_case(work, access_id, only=None)
    revocation = revocation_card(work.get(KIND, revocation_id))
    if case.card["status"] == "requested" and revocation["requests"]:
        case.happen("updated", *lifecycle.cancel(case.card, work.now))
        record.close_review(work, case)
    elif case.card["status"] == "approved" and not lifecycle.is_final(case.card, work.now):
        case.happen("updated", *lifecycle.end(case.card, work.now))
    else:
        return
    record.store(work, case)
    _keep(work, revocation_id, {**revocation, "state": RUNNING, "ended": revocation["ended"] + 1})


def _finish(work: Work, revocation_id: str) -> None:
    card = revocation_card(work.get(KIND, revocation_id))
    if card["state"] != SUCCEEDED:
        _keep(work, revocation_id, {**card, "state": SUCCEEDED, "finished": clock.text(work.now)})


def _keep(work: Work, revocation_id: str, card: RevocationCard) -> Record:
    live = work.find(KIND, revocation_id)
    created = live.created if live else clock.text(work.now)
    places = [Entry(_by_release(card["release"]), created)]
    places += [Entry("due", card["starts"], KIND)] if card["state"] != SUCCEEDED else []
    return work.save(KIND, revocation_id, {"card": card, "views": {}}, lists=places, listed=False)


def _by_release(release_id: str) -> str:
    return facet(f"{KIND}/by-release", release_id)
