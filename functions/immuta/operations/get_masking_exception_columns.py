"""getMaskingExceptionColumns: GET /api/access-request/{id}/masking-exception-columns, contract section 7."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.reads import access_key, request_reads
from immuta.searching import exception_columns
from souk.access.asking import get_access


@DOOR.operation("getMaskingExceptionColumns", reads=request_reads)
def handler(call: Call) -> Response:
    return call.json(exception_columns(call, get_access(call.work, access_key(call))))
