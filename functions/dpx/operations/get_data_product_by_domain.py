"""getDataProductByDomain: GET {B}/domains/{domain_id}/data_products (contract section 6)."""

from dpx.domains import products_answer
from dpx.door import DOOR, Call, Response


@DOOR.operation("getDataProductByDomain")
def handler(call: Call) -> Response:
    return call.json(products_answer(call))
