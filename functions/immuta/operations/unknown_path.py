"""unknownPath: everything that no operation serves."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from souk.errors import UnknownOperation


@DOOR.operation("unknownPath")
def handler(call: Call) -> Response:
    raise UnknownOperation(call.request.path)
