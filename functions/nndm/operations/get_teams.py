"""getTeams: GET /api/teams (contract sections 1 and 2)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.organisation import TEAM
from nndm.paging import listed


@DOOR.operation("getTeams")
def handler(call: Call) -> Response:
    return listed(call, "team", TEAM.show)
