"""deleteTestResults: DELETE /api/test-results/{id}, one run (contract X6)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.rights import contract_owner_only
from souk.contracts.test_runs import delete_test_run


@DOOR.operation("deleteTestResults", reads=record_at("test_run"))
def handler(call: Call) -> Response:
    contract_owner_only(call, call.path["id"])
    delete_test_run(call.work, call.path["id"])
    return call.empty()
