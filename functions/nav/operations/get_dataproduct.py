"""getDataproduct: GET /api/v1/dataproducts/{productID} (contract section 4)."""

from __future__ import annotations

from nav.door import DOOR, Call, Response, product_reads
from nav.lens import shown
from souk.access.shared import find_product, with_access


@DOOR.operation("getDataproduct", reads=product_reads)
def handler(call: Call) -> Response:
    return call.json(shown(with_access(call.work, find_product(call.work, call.path["productID"]), call.principal)))
