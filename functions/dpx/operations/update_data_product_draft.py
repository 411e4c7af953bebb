"""updateDataProductDraft: PATCH {B}/data_products/{data_product_id}/drafts/{draft_id} (contract 3.3, R9)."""

from dpx.changes import patch_draft
from dpx.door import DOOR, Call, Response
from dpx.paths import draft_at, draft_keys


@DOOR.operation("updateDataProductDraft", reads=draft_keys)
def handler(call: Call) -> Response:
    return patch_draft(call, draft_at(call))
