"""getGrant: GET /grants/{id}, how far the system that holds the data has come with an access."""

from hub.door import DOOR, Call, Response
from hub.lens import grant_shown
from souk.access.grants import health


@DOOR.operation("getGrant")
def handler(call: Call) -> Response:
    return call.json(grant_shown(health(call.work, call.path["id"])))
