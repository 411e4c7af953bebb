"""addSourceSystem: PUT /api/sourcesystems/{id}, create or replace (contract section 3.5; rules O1, O2)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.organisation import SOURCE_SYSTEM
from nndm.reads import record_with
from nndm.rights import owner_only
from souk.organisation.source_systems import put_source_system


@DOOR.operation("addSourceSystem", reads=record_with("source_system", ("team", ("owner",))))
def handler(call: Call) -> Response:
    from nndm.schemas.fields import checked
    from nndm.schemas.organisation import SourceSystem

    document = checked(SourceSystem, call)
    owner_only(call, "source_system", call.path["id"], SOURCE_SYSTEM, document)
    put_source_system(call.work, call.path["id"], document, SOURCE_SYSTEM)
    return call.empty()
