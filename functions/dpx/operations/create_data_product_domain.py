"""createDataProductDomain: POST {B}/domains (contract section 6)."""

from dpx.domains import create_domain
from dpx.door import DOOR, Call, Response


@DOOR.operation("createDataProductDomain")
def handler(call: Call) -> Response:
    from dpx.schemas.domain import new_domain

    return call.json(create_domain(call, *new_domain(call.document)), 201)
