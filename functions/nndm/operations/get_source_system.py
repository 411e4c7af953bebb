"""getSourceSystem: GET /api/sourcesystems/{id} (contract section 2)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.lens.organisation import SOURCE_SYSTEM


@DOOR.operation("getSourceSystem", reads=record_at("source_system"))
def handler(call: Call) -> Response:
    return call.json(SOURCE_SYSTEM.show(call.work.get("source_system", call.path["id"])))
