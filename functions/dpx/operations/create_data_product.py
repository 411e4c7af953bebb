"""createDataProduct: POST {B}/data_products (contract 3.2)."""

from dpx.answers import new_product_answer
from dpx.door import DOOR, Call, Response
from dpx.lens.content import shape_of
from souk.releases.drafts import create_product


@DOOR.operation("createDataProduct")
def handler(call: Call) -> Response:
    from dpx.schemas.version import new_product

    draft = create_product(call.work, shape_of(new_product(call.document)), call.principal)
    return call.json(new_product_answer(call.work, draft), 201)
