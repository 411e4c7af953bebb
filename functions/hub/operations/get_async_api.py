"""getAsyncApi: GET /asyncapi.json, the AsyncAPI document of the events on the bus and in the feed."""

from hub import documents
from hub.door import DOOR, Call, Response


@DOOR.operation("getAsyncApi")
def handler(call: Call) -> Response:
    return call.text(documents.events(), content_type="application/json")
