"""deleteTeam: DELETE /api/teams/{id} (contract section 2)."""

from nndm.door import DOOR, Call, Response, record_at
from souk.organisation.teams import delete_team


@DOOR.operation("deleteTeam", reads=record_at("team"))
def handler(call: Call) -> Response:
    delete_team(call.work, call.path["id"])
    return call.empty()
