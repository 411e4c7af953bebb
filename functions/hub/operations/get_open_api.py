"""getOpenApi: GET /openapi/{document}, a door's OpenAPI document."""

from hub import documents
from hub.door import DOOR, Call, Response


@DOOR.operation("getOpenApi")
def handler(call: Call) -> Response:
    name = call.path["document"]
    return call.text(documents.read(name), content_type=documents.media_type(name))
