"""searchAssets: POST /v2/asset_types/{asset_type}/search (contract 4.1)."""

from dpx.assets import search_answer
from dpx.door import DOOR, Call, Response


@DOOR.operation("searchAssets", scope="read")
def handler(call: Call) -> Response:
    from dpx.schemas.asset import new_search

    return call.json(search_answer(call, new_search(call.document)))
