"""getRequestFormVersion: GET /api/request-form/version/{version}, as it was (contract section 7)."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.governing import version_at
from immuta.showing import Showing


@DOOR.operation("getRequestFormVersion")
def handler(call: Call) -> Response:
    return call.json(Showing(call).form(version_at(call)))
