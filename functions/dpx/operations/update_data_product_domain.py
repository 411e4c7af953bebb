"""updateDataProductDomain: PATCH {B}/domains/{domain_id} (contract section 6)."""

from dpx.domains import domain_reads, patch_domain
from dpx.door import DOOR, Call, Response


@DOOR.operation("updateDataProductDomain", reads=domain_reads)
def handler(call: Call) -> Response:
    return call.json(patch_domain(call))
