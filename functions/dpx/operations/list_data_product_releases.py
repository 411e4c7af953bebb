"""listDataProductReleases: GET {B}/data_products/{data_product_id}/releases (contract 3.5)."""

from dpx.door import DOOR, Call, Response
from dpx.lists import list_releases
from dpx.paths import product_keys


@DOOR.operation("listDataProductReleases", reads=product_keys)
def handler(call: Call) -> Response:
    return call.json(list_releases(call))
