"""getDataProduct: GET /api/dataproducts/{id} (contract section 2)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.lens.product import PRODUCT


@DOOR.operation("getDataProduct", reads=record_at("product"))
def handler(call: Call) -> Response:
    return call.json(PRODUCT.show(call.work.get("product", call.path["id"])))
