"""createDataProduct: POST /api/data-product, contract section 3, create."""

from __future__ import annotations

from immuta.door import DIALECT, DOOR, Call, Response
from immuta.lens.product import changes_of, view_of
from immuta.reads import tag_of
from immuta.showing import Showing
from souk.access.governed import create_product


@DOOR.operation("createDataProduct")
def handler(call: Call) -> Response:
    from immuta.schemas.product import new_product

    body = new_product(call)
    made = create_product(call.work, body.get("id"), changes_of(body), view_of(body), DIALECT, call.principal)
    return call.json(Showing(call).new_product(made), 201, etag=tag_of(made))
