"""searchDataProducts: GET /api/data-product, contract section 3, search."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.searching import products


@DOOR.operation("searchDataProducts")
def handler(call: Call) -> Response:
    return call.json(products(call))
