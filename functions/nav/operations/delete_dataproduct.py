"""deleteDataproduct: DELETE /api/v1/dataproducts/{productID} and its singular twin (contract section 9, row 1)."""

from __future__ import annotations

from nav.door import DOOR, Call, Response, product_reads
from souk.access.shared import find_product, remove_product, require_owner


@DOOR.operation("deleteDataproduct", reads=product_reads)
def handler(call: Call) -> Response:
    product = find_product(call.work, call.path["productID"])
    require_owner(call.work, product, call.principal)
    remove_product(call.work, product)
    return call.empty(204)
