"""getDataProductByName: GET /api/data-product/{name}/byName, names may hold slashes (contract section 3)."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.naming import name_of
from immuta.showing import Showing
from souk.products.naming import get_by_name


@DOOR.operation("getDataProductByName")
def handler(call: Call) -> Response:
    return call.json(Showing(call).product(get_by_name(call.work, name_of(call.request))))
