"""unknownPath: everything under /api/v1 that no operation serves."""

from __future__ import annotations

from nav.door import DOOR, Call, Response
from souk.errors import UnknownOperation


@DOOR.operation("unknownPath")
def handler(call: Call) -> Response:
    raise UnknownOperation(call.request.path)
