"""getApprovedMaskingExceptionColumns: GET /api/access-request/approved-masking-exception-columns, section 7."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.searching import approved_columns


@DOOR.operation("getApprovedMaskingExceptionColumns")
def handler(call: Call) -> Response:
    return call.json(approved_columns(call))
