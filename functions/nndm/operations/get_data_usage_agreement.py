"""getDataUsageAgreement: GET /api/datausageagreements/{id} (contract sections 3.3 and 4)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.lens.agreement import show
from souk.access.queries import awaits_settling, get_with_product


@DOOR.operation("getDataUsageAgreement", reads=record_at("access"))
def handler(call: Call) -> Response:
    known = get_with_product(call.work, call.path["id"])
    if awaits_settling(known, call.work.now):  # the calendar changed what is shown, and not yet the revision
        call.request.headers.pop("if-none-match", None)
    return call.json(show(known, call.work.now))
