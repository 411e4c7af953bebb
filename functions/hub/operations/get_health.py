"""getHealth: GET /health. Answers once the store has answered the read that comes with it."""

from hub.door import DOOR, Call, Response
from hub.lens import probe


@DOOR.operation("getHealth", reads=probe)
def handler(call: Call) -> Response:
    return call.json({"status": "ok"}, cache_control="no-store")
