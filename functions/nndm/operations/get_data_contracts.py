"""getDataContracts: GET /api/datacontracts (contract sections 1, 2; filters X7)."""

from nndm import filters
from nndm.door import DOOR, Call, Response
from nndm.lens.contract import CONTRACT
from nndm.paging import listed


@DOOR.operation("getDataContracts")
def handler(call: Call) -> Response:
    return listed(call, "contract", CONTRACT.show, wanted=filters.contracts(call.request))
