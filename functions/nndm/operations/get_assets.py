"""getAssets: GET /api/assets (contract sections 1, 2, 6)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.asset import ASSET
from nndm.paging import listed


@DOOR.operation("getAssets")
def handler(call: Call) -> Response:
    return listed(call, "asset", ASSET.show, first_page_by_default=True)
