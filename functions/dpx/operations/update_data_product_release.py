"""updateDataProductRelease: PATCH {B}/data_products/{data_product_id}/releases/{release_id} (contract 3.5)."""

from dpx.changes import patch_release
from dpx.door import DOOR, Call, Response
from dpx.paths import release_at, release_keys


@DOOR.operation("updateDataProductRelease", reads=release_keys)
def handler(call: Call) -> Response:
    return call.json(patch_release(call, release_at(call)))
