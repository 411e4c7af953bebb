"""createDataProductSubdomain: POST {B}/domains/{domain_id}/subdomains (contract section 6)."""

from dpx.domains import create_subdomain, domain_reads
from dpx.door import DOOR, Call, Response


@DOOR.operation("createDataProductSubdomain", reads=domain_reads)
def handler(call: Call) -> Response:
    from dpx.schemas.domain import new_subdomain

    return call.json(create_subdomain(call, new_subdomain(call.document)), 201)
