"""listDataProductContractTemplate: GET {B}/contract_templates (contract section 6)."""

from dpx.door import DOOR, Call, Response
from dpx.templates import list_templates


@DOOR.operation("listDataProductContractTemplate")
def handler(call: Call) -> Response:
    return call.json(list_templates(call))
