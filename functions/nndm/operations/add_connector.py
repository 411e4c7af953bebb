"""addConnector: PUT /api/connectors/{id}, register or replace (contract X2)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.lens.connector import CONNECTOR
from nndm.rights import organisation_only
from souk.organisation.connectors import put_connector


@DOOR.operation("addConnector", reads=record_at("connector"))
def handler(call: Call) -> Response:
    from nndm.schemas.connector import Connector
    from nndm.schemas.fields import checked

    document = checked(Connector, call, id_required=False)
    organisation_only(call)
    put_connector(call.work, call.path["id"], document, CONNECTOR)
    return call.empty()
