"""getDataProducts: GET /api/dataproducts (contract sections 1, 2; filters X7)."""

from nndm import filters
from nndm.door import DOOR, Call, Response
from nndm.lens.product import PRODUCT
from nndm.paging import listed


@DOOR.operation("getDataProducts")
def handler(call: Call) -> Response:
    shelf = filters.owned("product", "teamId", call.request)
    return listed(call, shelf, PRODUCT.entry, wanted=filters.products(call.request))
