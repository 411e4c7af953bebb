"""addTeam: PUT /api/teams/{id}, create or replace (contract section 3.4)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.lens.organisation import TEAM
from nndm.rights import administrator_only
from souk.organisation.teams import put_team


@DOOR.operation("addTeam", reads=record_at("team"))
def handler(call: Call) -> Response:
    from nndm.schemas.fields import checked
    from nndm.schemas.organisation import Team

    administrator_only(call)
    put_team(call.work, call.path["id"], checked(Team, call), TEAM)
    return call.empty()
