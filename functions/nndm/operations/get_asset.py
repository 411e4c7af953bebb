"""getAsset: GET /api/assets/{id} (contract section 2)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.lens.asset import ASSET


@DOOR.operation("getAsset", reads=record_at("asset"))
def handler(call: Call) -> Response:
    return call.json(ASSET.show(call.work.get("asset", call.path["id"])))
