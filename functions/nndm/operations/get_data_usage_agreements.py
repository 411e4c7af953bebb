"""getDataUsageAgreements: GET /api/datausageagreements (contract sections 1 and 4)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.agreement import show
from nndm.paging import listed
from souk.access.queries import with_product


@DOOR.operation("getDataUsageAgreements")
def handler(call: Call) -> Response:
    return listed(call, "access", lambda record: show(with_product(call.work, record), call.work.now))
