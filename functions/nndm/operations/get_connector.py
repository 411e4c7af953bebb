"""getConnector: GET /api/connectors/{id} (contract X2)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.lens.connector import CONNECTOR


@DOOR.operation("getConnector", reads=record_at("connector"))
def handler(call: Call) -> Response:
    return call.json(CONNECTOR.show(call.work.get("connector", call.path["id"])))
