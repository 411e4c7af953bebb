"""cancelDataUsageAgreement: POST /api/datausageagreements/{id}/cancel (contract rule A6)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.agreement import reads_for_action
from souk.access.changes import end


@DOOR.operation("cancelDataUsageAgreement", reads=reads_for_action)
def handler(call: Call) -> Response:
    end(call.work, call.path["id"], call.principal)
    return call.empty()
