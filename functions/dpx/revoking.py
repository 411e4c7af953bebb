"""Taking a product away from its subscribers, and how far that has come (contract 3.5 and section 6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dpx.body import optional_document
from dpx.lens.revocation import show_run
from dpx.pages import limit_of, next_offset, offset_of
from dpx.paths import asset_named
from dpx.query import instant, instant_of
from souk.edge.call import Call
from souk.errors import Invalid
from souk.releases import revoking
from souk.releases.model import Version
from souk.releases.reading import get_release
from souk.store.port import Record

Wire = dict[str, Any]


def revoke(call: Call, release: Version, start: datetime | None, *, requests: bool) -> Record:
    """Plan the revocation, and carry it out after the commit if it is to be now. Raises NotAllowed."""
    planned = revoking.plan_revocation(call.work, release, start, call.principal, requests=requests)
    if revoking.is_due(call.work, planned):
        call.afterwards(lambda: revoking.carry_out(call.work.store, planned.id))
    return planned


def revoke_access(call: Call, release: Version) -> Wire:
    """Take the product away from its subscribers, at `start_at` (in the body) or now. Raises NotAllowed, Invalid."""
    planned = revoke(call, release, _start(call), requests=False)
    starts = revoking.revocation_card(planned)["starts"]
    return {"message": f"access to the data product is revoked from {starts} on (job run {planned.id})"}


def job_runs(call: Call) -> Wire:
    """The revocations of a release, newest first. Raises Invalid, NotFound."""
    named = call.request.query_one("release_id")
    if not named:
        raise Invalid("release_id: is required", code="missing")
    limit, offset = limit_of(call.request), offset_of(call.request)
    found = revoking.revocations_of(call.work, get_release(call.work, asset_named("release_id", named)))
    shown: Wire = {"results": [show_run(one) for one in found[offset : offset + limit]], "total_count": len(found)}
    if offset + limit < len(found):
        shown["next"] = {"limit": limit, "bookmark": next_offset(offset + limit), "skip": offset + limit}
    return shown


def _start(call: Call) -> datetime | None:
    sent = optional_document(call).get("start_at")
    if sent is None:
        return instant(call.request, "start_at")
    if not isinstance(sent, str):
        raise Invalid("start_at: must be a string")
    return instant_of(sent, "start_at")
