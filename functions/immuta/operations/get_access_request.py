"""getAccessRequest: GET /api/access-request/{id}, contract section 7."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.reads import access_key, request_reads
from immuta.showing import Showing
from souk.access.asking import get_access


@DOOR.operation("getAccessRequest", reads=request_reads)
def handler(call: Call) -> Response:
    return call.json(Showing(call).request(get_access(call.work, access_key(call))))
