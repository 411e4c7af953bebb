"""unknownPath: every path that no operation serves."""

from dpx.door import DOOR, Call, Response
from souk.errors import UnknownOperation


@DOOR.operation("unknownPath")
def handler(call: Call) -> Response:
    raise UnknownOperation(f"there is no {call.request.method} {call.request.path}")
