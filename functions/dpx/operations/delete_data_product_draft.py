"""deleteDataProductDraft: DELETE {B}/data_products/{data_product_id}/drafts/{draft_id} (contract 3.3)."""

from dpx.door import DOOR, Call, Response
from dpx.paths import draft_at, draft_keys
from souk.releases.drafts import delete_draft


@DOOR.operation("deleteDataProductDraft", reads=draft_keys)
def handler(call: Call) -> Response:
    delete_draft(call.work, draft_at(call), call.principal)
    return call.empty(204)
