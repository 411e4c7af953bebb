"""getDataProducts: GET /api/dataproducts (contract sections 1, 2)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.product import PRODUCT
from nndm.paging import listed


@DOOR.operation("getDataProducts")
def handler(call: Call) -> Response:
    return listed(call, "product", PRODUCT.entry)
