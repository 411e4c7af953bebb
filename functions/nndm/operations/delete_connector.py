"""deleteConnector: DELETE /api/connectors/{id} (contract X2)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.rights import organisation_only
from souk.organisation.connectors import delete_connector


@DOOR.operation("deleteConnector", reads=record_at("connector"))
def handler(call: Call) -> Response:
    organisation_only(call)
    delete_connector(call.work, call.path["id"])
    return call.empty()
