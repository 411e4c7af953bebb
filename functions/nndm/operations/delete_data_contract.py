"""deleteDataContract: DELETE /api/datacontracts/{id} (contract section 2; rule D1)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.rights import owner_only
from souk.contracts.contracts import delete_contract


@DOOR.operation("deleteDataContract", reads=record_at("contract"))
def handler(call: Call) -> Response:
    owner_only(call, "contract", call.path["id"])
    delete_contract(call.work, call.path["id"])
    return call.empty()
