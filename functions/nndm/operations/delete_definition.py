"""deleteDefinition: DELETE /api/definitions/{id} (contract section 2)."""

from nndm.door import DOOR, Call, Response, record_at
from souk.organisation.definitions import delete_definition


@DOOR.operation("deleteDefinition", reads=record_at("definition"))
def handler(call: Call) -> Response:
    delete_definition(call.work, call.path["id"])
    return call.empty()
