"""manageApiKeys: POST {B}/configuration/rotate_credentials (contract 3.1, R2)."""

from dpx.configuration import rotate_credentials
from dpx.door import DOOR, Call, Response


@DOOR.operation("manageApiKeys")
def handler(call: Call) -> Response:
    rotate_credentials(call)
    return call.empty(204)
