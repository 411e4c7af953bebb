"""getDomain: GET {B}/domains/{domain_id} (contract section 6)."""

from dpx.domains import domain_answer
from dpx.door import DOOR, Call, Response


@DOOR.operation("getDomain")
def handler(call: Call) -> Response:
    return call.json(domain_answer(call))
