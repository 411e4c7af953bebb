"""getAsset: GET /v2/assets/{asset_id} (contract 4.1)."""

from dpx.assets import asset_answer
from dpx.door import DOOR, Call, Response


@DOOR.operation("getAsset")
def handler(call: Call) -> Response:
    return call.json(asset_answer(call))
