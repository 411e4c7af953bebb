"""getCosts: GET /api/costs?dataProductId= (contract section 3.8)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.cost import COST
from nndm.paging import listed
from nndm.query import required
from nndm.reads import queried
from souk.products.costs import costs_of


@DOOR.operation("getCosts", reads=queried("product", "dataProductId"))
def handler(call: Call) -> Response:
    return listed(call, costs_of(call.work, required(call.request, "dataProductId")), COST.show)
