"""updateDataproduct: PUT /api/v1/dataproducts/{productID}; exists, then owner, then body (contract section 4)."""

from __future__ import annotations

from nav.door import DOOR, Call, Response, product_reads
from nav.lens import DIALECT, changed_card
from nav.schemas import changed_product
from souk.access.shared import find_product, require_owner
from souk.products.saving import save_card


@DOOR.operation("updateDataproduct", reads=product_reads)
def handler(call: Call) -> Response:
    product = find_product(call.work, call.path["productID"])
    require_owner(call.work, product, call.principal)
    card, view = changed_card(product.body, changed_product(call.document))
    save_card(call.work, product.id, card, DIALECT, view)
    return call.empty(204)
