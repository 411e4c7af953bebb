"""getDataProduct: GET {B}/data_products/{data_product_id} (contract 3.2)."""

from dpx.answers import product_answer
from dpx.door import DOOR, Call, Response
from dpx.paths import product_at, product_keys


@DOOR.operation("getDataProduct", reads=product_keys)
def handler(call: Call) -> Response:
    return call.json(product_answer(call.work, product_at(call)))
