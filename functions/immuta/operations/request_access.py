"""requestAccess: POST /api/data-product/{id}/request, contract section 5."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.reads import product_at, product_reads
from immuta.showing import Showing
from souk.access.asking import submit


@DOOR.operation("requestAccess", reads=product_reads)
def handler(call: Call) -> Response:
    from immuta.schemas.request import new_request

    product = product_at(call)
    made = submit(call.work, product, new_request(call, product), call.principal)
    return call.json(Showing(call).request(made), 201)
