"""initialize: POST {B}/configuration/initialize (contract 3.1)."""

from dpx.body import optional_document
from dpx.configuration import initialize
from dpx.door import DOOR, Call, Response


@DOOR.operation("initialize")
def handler(call: Call) -> Response:
    from dpx.schemas.setup import options_of

    return initialize(call, options_of(optional_document(call)))
