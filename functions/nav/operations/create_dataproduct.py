"""createDataproduct: POST /api/v1/dataproducts answers the bare id (contract section 4)."""

from __future__ import annotations

from nav.door import DOOR, Call, Response
from nav.lens import DIALECT, new_card
from nav.schemas import new_product
from souk.ids import new_url_id
from souk.products.saving import save_card


@DOOR.operation("createDataproduct")
def handler(call: Call) -> Response:
    card, view = new_card(new_product(call.document), call.principal.label)
    return call.text(save_card(call.work, call.work.new_id("product", new_url_id()), card, DIALECT, view).id, 201)
