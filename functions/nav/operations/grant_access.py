"""grantAccess: POST /api/v1/access/{productID} (contract section 6)."""

from __future__ import annotations

from nav.door import DOOR, Call, Response, product_reads
from nav.lens import DIALECT, require_datastore, subject_of
from nav.schemas import access_subject
from souk.access.self_service import grant
from souk.access.shared import find_product


@DOOR.operation("grantAccess", reads=product_reads)
def handler(call: Call) -> Response:
    product = find_product(call.work, call.path["productID"])
    require_datastore(product)
    who = access_subject(call.document, call.work.now)
    grant(call.work, product.id, subject_of(who), who.expires, call.principal, DIALECT, who.subject)
    return call.empty(204)
