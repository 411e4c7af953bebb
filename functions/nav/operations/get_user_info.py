"""getUserInfo: GET /api/v1/userinfo, which NAV's own web client calls (contract section 1)."""

from __future__ import annotations

from nav.door import DOOR, Call, Response
from souk.identity.membership import teams_of


@DOOR.operation("getUserInfo")
def handler(call: Call) -> Response:
    who = call.principal
    return call.json({"email": who.email, "teams": sorted(teams_of(who, call.work)), "token_expires": who.expires or 0})
