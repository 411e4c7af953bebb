"""listDataProducts: GET {B}/data_products (contract 3.2)."""

from dpx.door import DOOR, Call, Response
from dpx.lists import list_products


@DOOR.operation("listDataProducts")
def handler(call: Call) -> Response:
    return call.json(list_products(call))
