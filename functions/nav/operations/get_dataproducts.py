"""getDataproducts: GET /api/v1/dataproducts, open to anonymous readers (contract section 4; ruling R4)."""

from __future__ import annotations

from nav.door import DOOR, Call, Response
from nav.lens import public_origin, shown
from souk.access.shared import all_with_access


@DOOR.operation("getDataproducts")
def handler(call: Call) -> Response:
    return call.json(
        [shown(product) for product in all_with_access(call.work, call.principal, public_origin(call.principal))]
    )
