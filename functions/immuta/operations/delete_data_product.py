"""deleteDataProduct: DELETE /api/data-product/{id}, ends its accesses (contract section 3, delete)."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.reads import product_at, product_reads
from souk.access.governed import delete_product


@DOOR.operation("deleteDataProduct", reads=product_reads)
def handler(call: Call) -> Response:
    delete_product(call.work, product_at(call), call.principal)
    return call.empty()
