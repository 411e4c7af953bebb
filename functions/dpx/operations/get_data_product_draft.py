"""getDataProductDraft: GET {B}/data_products/{data_product_id}/drafts/{draft_id} (contract 3.3)."""

from dpx.answers import version_answer
from dpx.door import DOOR, Call, Response
from dpx.paths import draft_at, draft_keys


@DOOR.operation("getDataProductDraft", reads=draft_keys)
def handler(call: Call) -> Response:
    return call.json(version_answer(call.work, draft_at(call)))
