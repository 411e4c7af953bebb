"""requestAccess: POST /api/dataproducts/{id}/outputports/{portId}/request-access, for the caller (section 9)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.lens import own_access
from souk.access.at_port import request_at_port
from souk.identity.permissions import require_user


@DOOR.operation("requestAccess", reads=record_at("product"))
def handler(call: Call) -> Response:
    from nndm.schemas.fields import held_against
    from nndm.schemas.own_access import OwnRequest

    require_user(call.principal)
    purpose = held_against(OwnRequest, call.document)["purpose"]
    made = request_at_port(call.work, own_access.own(call, purpose), call.principal)
    return call.json(own_access.requested(made, call.work.now))
