"""postTestResults: POST /api/test-results (contract section 3.9)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.test_run import TEST_RUN, with_id
from nndm.reads import bystanders
from nndm.rights import owner_only
from souk.contracts.test_runs import put_test_run

_NAMED = (("test_run", ("id",)), ("test_run", ("runId",)), ("contract", ("dataContractId",)))


@DOOR.operation("postTestResults", reads=bystanders(*_NAMED))
def handler(call: Call) -> Response:
    from nndm.schemas.fields import held_against
    from nndm.schemas.test_results import TestResults

    document = held_against(TestResults, with_id(call.document))
    owner_only(call, "contract", document["dataContractId"])
    put_test_run(call.work, document["id"], document, TEST_RUN)
    return call.empty()
