"""listGrants: GET /grants, how far the system that holds the data has come with all of them."""

from hub.door import DOOR, Call, Response
from hub.lens import grants_shown
from souk.access.grants import list_grants


@DOOR.operation("listGrants")
def handler(call: Call) -> Response:
    state, start = (call.request.query_one(name) or "" for name in ("state", "start"))
    return grants_shown(list_grants(call.work, state, start), call.request)
