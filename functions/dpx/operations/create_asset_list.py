"""createAssetList: POST /v2/asset_lists (contract 4.3)."""

from dpx import asset_lists
from dpx.door import DOOR, Call, Response


@DOOR.operation("createAssetList")
def handler(call: Call) -> Response:
    from dpx.schemas.order import new_order

    return call.json(asset_lists.create(call, new_order(call.document)), 201)
