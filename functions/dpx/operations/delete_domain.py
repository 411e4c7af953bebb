"""deleteDomain: DELETE {B}/domains/{domain_id} (contract section 6)."""

from dpx.domains import delete_domain, domain_reads
from dpx.door import DOOR, Call, Response


@DOOR.operation("deleteDomain", reads=domain_reads)
def handler(call: Call) -> Response:
    delete_domain(call)
    return call.empty(204)
