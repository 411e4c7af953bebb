"""listDataProductDomains: GET {B}/domains (contract section 6)."""

from dpx.domains import list_domains
from dpx.door import DOOR, Call, Response


@DOOR.operation("listDataProductDomains")
def handler(call: Call) -> Response:
    return call.json(list_domains(call))
