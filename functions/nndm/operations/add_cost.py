"""addCost: POST /api/costs (contract section 3.8)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.cost import COST
from nndm.reads import bystanders
from nndm.rights import owner_only
from souk.products.costs import add_cost


@DOOR.operation("addCost", reads=bystanders(("product", ("dataProductId",))))
def handler(call: Call) -> Response:
    from nndm.schemas.cost import Cost
    from nndm.schemas.fields import held_against

    document = held_against(Cost, call.document)
    owner_only(call, "product", document["dataProductId"])
    return call.json(COST.show(add_cost(call.work, document, COST)))
