"""searchCatalog: POST /v3/search (contract 4.2)."""

from dpx.door import DOOR, Call, Response
from dpx.searching import search_answer


@DOOR.operation("searchCatalog", scope="read")
def handler(call: Call) -> Response:
    return call.json(search_answer(call))
