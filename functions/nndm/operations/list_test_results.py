"""listTestResults: GET /api/test-results, of one data contract or of all (contract X6)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.test_run import TEST_RUN
from nndm.paging import listed
from souk.contracts.test_runs import runs_of


@DOOR.operation("listTestResults")
def handler(call: Call) -> Response:
    return listed(call, runs_of(call.request.query_one("dataContractId") or None), TEST_RUN.show)
