"""createDataProductSubdomain: POST {B}/domains/{domain_id}/subdomains (contract section 6)."""

from dpx.domains import create_subdomain
from dpx.door import DOOR, Call, Response


@DOOR.operation("createDataProductSubdomain")
def handler(call: Call) -> Response:
    from dpx.schemas.domain import new_subdomain

    return call.json(create_subdomain(call, new_subdomain(call.document)), 201)
