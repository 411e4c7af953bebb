"""getServiceIdCredentials: GET {B}/configuration/credentials (contract section 6)."""

from dpx.configuration import credentials_answer
from dpx.door import DOOR, Call, Response


@DOOR.operation("getServiceIdCredentials")
def handler(call: Call) -> Response:
    return call.json(credentials_answer(call))
