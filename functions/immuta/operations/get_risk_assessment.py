"""getRiskAssessment: GET /api/access-request/{id}/risk-assessment, nothing here assesses risks (contract section 7)."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.reads import access_key, request_reads
from souk.access.asking import get_access


@DOOR.operation("getRiskAssessment", reads=request_reads)
def handler(call: Call) -> Response:
    get_access(call.work, access_key(call))
    return call.json({"approvalRisk": "INDETERMINATE"})
