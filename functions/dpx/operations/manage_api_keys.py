"""manageApiKeys: POST {B}/configuration/rotate_credentials (contract 3.1, R2)."""

from dpx.door import DOOR, Call, Response
from souk.setup.running import rotate_service_key


@DOOR.operation("manageApiKeys")
def handler(call: Call) -> Response:
    rotate_service_key(call.work, call.principal, ("read", "write", "door:dpx"))
    return call.empty(204)
