"""getDataContract: GET /api/datacontracts/{id} (contract section 2)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.lens.contract import CONTRACT


@DOOR.operation("getDataContract", reads=record_at("contract"))
def handler(call: Call) -> Response:
    return call.json(CONTRACT.show(call.work.get("contract", call.path["id"])))
