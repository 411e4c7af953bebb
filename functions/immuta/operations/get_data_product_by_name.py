"""getDataProductByName: GET /api/data-product/{name}/byName, names may hold slashes (contract section 3)."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.naming import name_of
from immuta.reads import tag_of
from immuta.showing import Showing
from souk.products.naming import get_by_name


@DOOR.operation("getDataProductByName")
def handler(call: Call) -> Response:
    found = get_by_name(call.work, name_of(call.request))
    return call.json(Showing(call).product(found), etag=tag_of(found))
