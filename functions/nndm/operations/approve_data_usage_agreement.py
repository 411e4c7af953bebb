"""approveDataUsageAgreement: POST /api/datausageagreements/{id}/approve (contract rule A4)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.agreement import reads_for_action
from souk.access.decisions import approve


@DOOR.operation("approveDataUsageAgreement", reads=reads_for_action)
def handler(call: Call) -> Response:
    approve(call.work, call.path["id"], call.principal)
    return call.empty()
