"""addDefinition: PUT /api/definitions/{id}, create or replace (contract section 3.6; rules O1, O3)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.organisation import DEFINITION
from nndm.reads import record_with
from nndm.rights import owner_only
from souk.organisation.definitions import put_definition


@DOOR.operation("addDefinition", reads=record_with("definition", ("team", ("owner",))))
def handler(call: Call) -> Response:
    from nndm.schemas.fields import checked
    from nndm.schemas.organisation import Definition

    document = checked(Definition, call, slashes=True)
    owner_only(call, "definition", call.path["id"], DEFINITION, document)
    put_definition(call.work, call.path["id"], document, DEFINITION)
    return call.empty()
