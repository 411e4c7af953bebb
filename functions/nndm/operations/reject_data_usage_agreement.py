"""rejectDataUsageAgreement: POST /api/datausageagreements/{id}/reject (contract rule A5)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.agreement import reads_for_action
from souk.access.decisions import reject


@DOOR.operation("rejectDataUsageAgreement", reads=reads_for_action)
def handler(call: Call) -> Response:
    reject(call.work, call.path["id"], call.principal)
    return call.empty()
