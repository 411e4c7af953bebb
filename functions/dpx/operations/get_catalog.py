"""getCatalog: GET /v2/catalogs/{catalog_id} (contract 4.1)."""

from dpx.assets import catalog_answer
from dpx.door import DOOR, Call, Response


@DOOR.operation("getCatalog")
def handler(call: Call) -> Response:
    return call.json(catalog_answer(call))
