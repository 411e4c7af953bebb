"""getConnectors: GET /api/connectors (contract X2)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.connector import CONNECTOR
from nndm.paging import listed


@DOOR.operation("getConnectors")
def handler(call: Call) -> Response:
    return listed(call, "connector", CONNECTOR.show)
