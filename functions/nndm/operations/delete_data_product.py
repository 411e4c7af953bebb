"""deleteDataProduct: DELETE /api/dataproducts/{id} (contract section 2; rule D2)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.rights import owner_only
from souk.products.products import delete_product


@DOOR.operation("deleteDataProduct", reads=record_at("product"))
def handler(call: Call) -> Response:
    owner_only(call, "product", call.path["id"])
    delete_product(call.work, call.path["id"], guarded=True)
    return call.empty()
