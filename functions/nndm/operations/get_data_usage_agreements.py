"""getDataUsageAgreements: GET /api/datausageagreements, /api/access (contract sections 1 and 4; X1)."""

from nndm import filters
from nndm.door import DOOR, Call, Response
from nndm.lens.agreement import show
from nndm.paging import listed
from souk.access.queries import with_product


@DOOR.operation("getDataUsageAgreements")
def handler(call: Call) -> Response:
    wanted = filters.agreements(call.request)
    return listed(call, "access", lambda record: show(with_product(call.work, record), call.work.now), wanted=wanted)
