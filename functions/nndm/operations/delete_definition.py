"""deleteDefinition: DELETE /api/definitions/{id} (contract section 2)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.rights import owner_only
from souk.organisation.definitions import delete_definition


@DOOR.operation("deleteDefinition", reads=record_at("definition"))
def handler(call: Call) -> Response:
    owner_only(call, "definition", call.path["id"])
    delete_definition(call.work, call.path["id"])
    return call.empty()
