"""getCurrentUser: GET /api/auth/user, contract section 7."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.lens.user import caller_out
from souk.identity.people import People


@DOOR.operation("getCurrentUser")
def handler(call: Call) -> Response:
    return call.json(caller_out(People(call.work, call.principal).me()))
