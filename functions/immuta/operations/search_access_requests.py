"""searchAccessRequests: GET /api/access-request, those that concern the caller (contract section 7)."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.searching import own_requests


@DOOR.operation("searchAccessRequests")
def handler(call: Call) -> Response:
    return call.json(own_requests(call))
