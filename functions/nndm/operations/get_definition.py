"""getDefinition: GET /api/definitions/{id} (contract section 2)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.lens.organisation import DEFINITION
from nndm.lens.term import PROPERTY, asks_for_property, show_property


@DOOR.operation("getDefinition", reads=record_at("definition"))
def handler(call: Call) -> Response:
    definition = DEFINITION.show(call.work.get("definition", call.path["id"]))
    if asks_for_property(call.request.headers):
        return call.json(show_property(definition), content_type=PROPERTY, vary="accept")
    return call.json(definition)
