"""retireDataProductRelease: POST {B}/data_products/{data_product_id}/releases/{release_id}/retire (contract 3.5)."""

from dpx.changes import retire_release
from dpx.door import DOOR, Call, Response
from dpx.paths import release_at, release_keys


@DOOR.operation("retireDataProductRelease", reads=release_keys)
def handler(call: Call) -> Response:
    return call.json(retire_release(call, release_at(call)))
