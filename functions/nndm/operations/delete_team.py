"""deleteTeam: DELETE /api/teams/{id} (contract section 2)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.rights import administrator_only
from souk.organisation.teams import delete_team


@DOOR.operation("deleteTeam", reads=record_at("team"))
def handler(call: Call) -> Response:
    administrator_only(call)
    delete_team(call.work, call.path["id"])
    return call.empty()
