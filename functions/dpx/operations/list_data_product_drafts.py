"""listDataProductDrafts: GET {B}/data_products/{data_product_id}/drafts (contract 3.3)."""

from dpx.door import DOOR, Call, Response
from dpx.lists import list_drafts
from dpx.paths import product_keys


@DOOR.operation("listDataProductDrafts", reads=product_keys)
def handler(call: Call) -> Response:
    return call.json(list_drafts(call))
