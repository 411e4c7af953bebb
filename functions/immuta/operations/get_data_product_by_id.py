"""getDataProductById: GET /api/data-product/{id}, contract section 3."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.reads import product_at, product_reads, tag_of
from immuta.showing import Showing


@DOOR.operation("getDataProductById", reads=product_reads)
def handler(call: Call) -> Response:
    found = product_at(call)
    return call.json(Showing(call).product(found), etag=tag_of(found))
