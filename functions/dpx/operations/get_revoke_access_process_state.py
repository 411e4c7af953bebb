"""getRevokeAccessProcessState: GET {B}/data_product_revoke_access/job_runs (contract section 6)."""

from dpx.door import DOOR, Call, Response
from dpx.revoking import job_runs


@DOOR.operation("getRevokeAccessProcessState")
def handler(call: Call) -> Response:
    return call.json(job_runs(call))
