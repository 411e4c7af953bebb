"""deleteDataUsageAgreement: DELETE /api/datausageagreements/{id} (contract rule A9)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.agreement import reads_for_action
from souk.access.changes import delete


@DOOR.operation("deleteDataUsageAgreement", reads=reads_for_action)
def handler(call: Call) -> Response:
    delete(call.work, call.path["id"], call.principal)
    return call.empty()
