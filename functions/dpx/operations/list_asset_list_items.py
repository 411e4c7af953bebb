"""listAssetListItems: GET /v2/asset_lists/{list_id}/items (contract 4.3)."""

from dpx import asset_lists
from dpx.door import DOOR, Call, Response
from souk.edge.dialect import record_at


@DOOR.operation("listAssetListItems", reads=record_at("order", "list_id"))
def handler(call: Call) -> Response:
    return call.json(asset_lists.items(call))
