"""addDataUsageAgreement: PUT /api/datausageagreements/{id}, create or replace (contract sections 3.3 and 4.2)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.agreement import asked, reads_for_put
from souk.access.changes import put_access
from souk.access.queries import find_with_product


@DOOR.operation("addDataUsageAgreement", reads=reads_for_put)
def handler(call: Call) -> Response:
    from nndm.schemas.agreement import Agreement
    from nndm.schemas.fields import checked

    document = checked(Agreement, call, id_required=False)
    known = find_with_product(call.work, call.path["id"])
    put_access(call.work, call.path["id"], asked(document, known), call.principal)
    return call.empty()
