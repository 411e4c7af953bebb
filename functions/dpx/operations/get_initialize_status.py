"""getInitializeStatus: GET {B}/configuration/initialize/status (contract 3.1)."""

from dpx.configuration import status_answer
from dpx.door import DOOR, Call, Response


@DOOR.operation("getInitializeStatus")
def handler(call: Call) -> Response:
    return call.json(status_answer(call))
