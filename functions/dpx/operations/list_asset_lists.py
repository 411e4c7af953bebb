"""listAssetLists: GET /v2/asset_lists (contract 4.3)."""

from dpx import asset_lists
from dpx.door import DOOR, Call, Response


@DOOR.operation("listAssetLists")
def handler(call: Call) -> Response:
    return call.json(asset_lists.listed(call))
