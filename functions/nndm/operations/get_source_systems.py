"""getSourceSystems: GET /api/sourcesystems (contract sections 1 and 2)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.organisation import SOURCE_SYSTEM
from nndm.paging import listed


@DOOR.operation("getSourceSystems")
def handler(call: Call) -> Response:
    return listed(call, "source_system", SOURCE_SYSTEM.show)
