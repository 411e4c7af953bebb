"""postGrantResult: POST /grants/{id}/result, what an external system reports of a grant."""

from hub.door import DOOR, Call, Response
from hub.lens import grant_result
from souk.access.grant_reports import report_grant


@DOOR.operation("postGrantResult", scope="grants")
def handler(call: Call) -> Response:
    report_grant(call.work, call.path["id"], *grant_result(call.document), call.principal)
    return call.empty(204)
