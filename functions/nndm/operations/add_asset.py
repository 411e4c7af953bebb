"""addAsset: PUT /api/assets/{id}, create or replace (contract section 3.7; rule O1)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.asset import ASSET
from nndm.reads import record_with
from nndm.rights import owner_only
from souk.assets.assets import put_asset


@DOOR.operation("addAsset", reads=record_with("asset", ("team", ("info", "owner"))))
def handler(call: Call) -> Response:
    from nndm.schemas.asset import Asset
    from nndm.schemas.fields import checked

    document = checked(Asset, call, id_required=False)
    owner_only(call, "asset", call.path["id"], ASSET, document)
    put_asset(call.work, call.path["id"], document, ASSET)
    return call.empty()
