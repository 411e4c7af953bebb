"""updateApprovalRecord: PUT /api/approval-record/{id}, an approver's determination (contract section 7)."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.reads import approval_key, request_reads
from immuta.showing import Showing
from souk.access.decisions import decide_approval


@DOOR.operation("updateApprovalRecord", reads=request_reads)
def handler(call: Call) -> Response:
    from immuta.schemas.request import determination

    verdict, reason, duration, unit = determination(call)
    key, by = approval_key(call), call.principal
    done = decide_approval(call.work, key, by, verdict, reason=reason, duration=duration, unit=unit)
    return call.json(Showing(call).approval(done))
