"""getApprovalRecords: GET /api/access-request/{id}/records, contract section 7."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.reads import access_key, review_reads
from immuta.showing import Showing
from souk.access.asking import get_access


@DOOR.operation("getApprovalRecords", reads=review_reads)
def handler(call: Call) -> Response:
    found = get_access(call.work, access_key(call))
    return call.json({"approvalRecords": Showing(call).approvals_of(found)})
