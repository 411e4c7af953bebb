"""getTeam: GET /api/teams/{id} (contract section 2)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.lens.organisation import TEAM


@DOOR.operation("getTeam", reads=record_at("team"))
def handler(call: Call) -> Response:
    return call.json(TEAM.show(call.work.get("team", call.path["id"])))
