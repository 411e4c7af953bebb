"""revokeAccess: DELETE /api/v1/access/{productID} with a body (contract section 7)."""

from __future__ import annotations

from nav.door import DOOR, Call, Response, product_reads
from nav.lens import subject_of
from nav.schemas import revoked_subject
from souk.access.self_service import withdraw
from souk.access.shared import find_product


@DOOR.operation("revokeAccess", reads=product_reads)
def handler(call: Call) -> Response:
    product = find_product(call.work, call.path["productID"])
    who = revoked_subject(call.document)
    withdraw(call.work, product.id, subject_of(who), call.principal, who.subject)
    return call.empty(204)
