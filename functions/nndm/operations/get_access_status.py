"""getAccessStatus: GET /api/dataproducts/{id}/outputports/{portId}/access-status, of the caller (section 9)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.lens import own_access
from souk.access.at_port import find_access, get_port


@DOOR.operation("getAccessStatus", reads=record_at("product"))
def handler(call: Call) -> Response:
    port = get_port(call.work, call.path["id"], call.path["portId"])
    found = find_access(call.work, own_access.own(call)) if call.principal.kind == "user" else None
    return call.json(own_access.status(call, port, found))
