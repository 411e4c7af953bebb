"""searchDataProductMembers: GET /api/data-product/{id}/members, the approved requests (contract section 5)."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.reads import product_reads
from immuta.searching import product_requests


@DOOR.operation("searchDataProductMembers", reads=product_reads)
def handler(call: Call) -> Response:
    return call.json(product_requests(call, members=True))
