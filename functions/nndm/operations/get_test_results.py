"""getTestResults: GET /api/test-results/{id}, one run (contract X6)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.lens.test_run import TEST_RUN


@DOOR.operation("getTestResults", reads=record_at("test_run"))
def handler(call: Call) -> Response:
    return call.json(TEST_RUN.show(call.work.get("test_run", call.path["id"])))
