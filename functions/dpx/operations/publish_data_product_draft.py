"""publishDataProductDraft: POST {B}/data_products/{data_product_id}/drafts/{draft_id}/publish (contract 3.3)."""

from dpx.door import DOOR, Call, Response
from dpx.paths import draft_at, draft_keys
from dpx.publishing import publish
from dpx.query import flag


@DOOR.operation("publishDataProductDraft", reads=draft_keys)
def handler(call: Call) -> Response:
    return publish(call, draft_at(call), in_background=flag(call.request, "async"))
