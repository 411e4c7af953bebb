"""deleteCost: DELETE /api/costs/{id} (contract section 2). What is no UUID is an unknown id."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.rights import owner_only
from souk.products.costs import delete_cost, product_of


@DOOR.operation("deleteCost", reads=record_at("cost"))
def handler(call: Call) -> Response:
    owner_only(call, "product", product_of(call.work, call.path["id"]))
    delete_cost(call.work, call.path["id"])
    return call.empty()
