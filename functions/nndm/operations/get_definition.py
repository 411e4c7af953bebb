"""getDefinition: GET /api/definitions/{id} (contract section 2)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.lens.organisation import DEFINITION


@DOOR.operation("getDefinition", reads=record_at("definition"))
def handler(call: Call) -> Response:
    return call.json(DEFINITION.show(call.work.get("definition", call.path["id"])))
