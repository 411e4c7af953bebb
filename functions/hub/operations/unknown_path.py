"""unknownPath: whatever no other operation serves."""

from hub.door import DOOR, Call, Response
from souk.errors import UnknownOperation


@DOOR.operation("unknownPath")
def handler(call: Call) -> Response:
    raise UnknownOperation(f"there is nothing at {call.request.method} {call.request.path}")
