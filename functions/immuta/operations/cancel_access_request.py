"""cancelAccessRequest: DELETE /api/access-request/{id}, withdraws a pending request (contract section 7)."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.reads import access_key, review_reads
from souk.access.asking import get_access
from souk.access.changes import withdraw


@DOOR.operation("cancelAccessRequest", reads=review_reads)
def handler(call: Call) -> Response:
    withdraw(call.work, get_access(call.work, access_key(call)).id, call.principal)
    return call.empty(204)
