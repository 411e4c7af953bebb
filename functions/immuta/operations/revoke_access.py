"""revokeAccess: DELETE /api/data-product/{id}/request/{requestId}, contract section 5."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.reads import access_key, product_at, product_reads
from souk.access.asking import get_access, of_product
from souk.access.changes import revoke


@DOOR.operation("revokeAccess", reads=product_reads)
def handler(call: Call) -> Response:
    found = of_product(get_access(call.work, access_key(call, "requestId")), product_at(call).id)
    revoke(call.work, found.id, call.principal)
    return call.empty(204)
