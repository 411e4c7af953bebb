"""deleteSourceSystem: DELETE /api/sourcesystems/{id} (contract section 2)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.rights import owner_only
from souk.organisation.source_systems import delete_source_system


@DOOR.operation("deleteSourceSystem", reads=record_at("source_system"))
def handler(call: Call) -> Response:
    owner_only(call, "source_system", call.path["id"])
    delete_source_system(call.work, call.path["id"])
    return call.empty()
