"""getDefinitions: GET /api/definitions (contract sections 1 and 2)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.organisation import DEFINITION
from nndm.paging import listed


@DOOR.operation("getDefinitions")
def handler(call: Call) -> Response:
    return listed(call, "definition", DEFINITION.show)
