"""createAsset: POST /v2/assets (contract 4.1)."""

from dpx.assets import create_asset
from dpx.door import DOOR, Call, Response


@DOOR.operation("createAsset")
def handler(call: Call) -> Response:
    from dpx.schemas.asset import new_asset

    return call.json(create_asset(call, new_asset(call.document)), 201)
