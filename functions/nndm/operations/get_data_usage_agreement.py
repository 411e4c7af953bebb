"""getDataUsageAgreement: GET /api/datausageagreements/{id} (contract sections 3.3 and 4)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.lens.agreement import show
from souk.access.queries import get_with_product


@DOOR.operation("getDataUsageAgreement", reads=record_at("access"))
def handler(call: Call) -> Response:
    return call.json(show(get_with_product(call.work, call.path["id"]), call.work.now))
