"""pollEvents: GET /api/events (contract section 7.3)."""

from nndm.door import DOOR, Call, Response
from nndm.feed import BATCH, events_after


@DOOR.operation("pollEvents")
def handler(call: Call) -> Response:
    return call.json(events_after(call.request.query_one("lastEventId")), content_type=BATCH)
