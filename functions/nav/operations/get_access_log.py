"""getAccessLog: GET /api/v1/access/{productID}, newest first, open to anonymous readers (contract section 5)."""

from __future__ import annotations

from nav.door import DOOR, Call, Response
from nav.lens import log_entry
from souk.access.shared import log_of


@DOOR.operation("getAccessLog")
def handler(call: Call) -> Response:
    product = call.path["productID"]
    return call.json([log_entry(product, line) for line in log_of(call.work, product, call.principal)])
