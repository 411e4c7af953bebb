"""updateDataProduct: PUT /api/data-product/{id}, contract section 3, update."""

from __future__ import annotations

from immuta.door import DIALECT, DOOR, Call, Response
from immuta.lens.product import changes_of, view_of
from immuta.reads import product_at, product_reads
from immuta.showing import Showing
from souk.access.governed import change_product


@DOOR.operation("updateDataProduct", reads=product_reads)
def handler(call: Call) -> Response:
    from immuta.schemas.product import changed_product

    product, showing = product_at(call), Showing(call)
    body = changed_product(call, showing.standing(product))
    view = view_of(body, product)
    changed = change_product(call.work, product, changes_of(body), view, DIALECT, call.principal)
    return call.json(showing.product(changed))
