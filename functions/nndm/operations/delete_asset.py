"""deleteAsset: DELETE /api/assets/{id} (contract section 2; rule D3)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.rights import owner_only
from souk.assets.assets import delete_asset


@DOOR.operation("deleteAsset", reads=record_at("asset"))
def handler(call: Call) -> Response:
    owner_only(call, "asset", call.path["id"])
    delete_asset(call.work, call.path["id"])
    return call.empty()
