"""searchDataProductAccessRequests: GET /api/data-product/{id}/request, contract section 5."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.reads import product_reads
from immuta.searching import product_requests


@DOOR.operation("searchDataProductAccessRequests", reads=product_reads)
def handler(call: Call) -> Response:
    return call.json(product_requests(call, members=False))
