"""createDataProductDraft: POST {B}/data_products/{data_product_id}/drafts (contract 3.3, R4)."""

from dpx.answers import version_answer
from dpx.door import DOOR, Call, Response
from dpx.lens.content import shape_of
from dpx.paths import product_at, product_keys
from souk.releases.drafts import create_draft


@DOOR.operation("createDataProductDraft", reads=product_keys)
def handler(call: Call) -> Response:
    from dpx.schemas.version import new_draft

    shape = shape_of(new_draft(call.document, call.path["data_product_id"]))
    draft = create_draft(call.work, product_at(call), shape, call.principal)
    return call.json(version_answer(call.work, draft), 201)
