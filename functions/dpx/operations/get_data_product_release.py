"""getDataProductRelease: GET {B}/data_products/{data_product_id}/releases/{release_id} (contract 3.5)."""

from dpx.answers import version_answer
from dpx.door import DOOR, Call, Response
from dpx.paths import release_at, release_keys


@DOOR.operation("getDataProductRelease", reads=release_keys)
def handler(call: Call) -> Response:
    return call.json(version_answer(call.work, release_at(call)))
