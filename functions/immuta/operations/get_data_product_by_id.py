"""getDataProductById: GET /api/data-product/{id}, contract section 3."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.reads import product_at, product_reads
from immuta.showing import Showing


@DOOR.operation("getDataProductById", reads=product_reads)
def handler(call: Call) -> Response:
    return call.json(Showing(call).product(product_at(call)))
