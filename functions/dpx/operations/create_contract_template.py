"""createContractTemplate: POST {B}/contract_templates (contract section 6)."""

from dpx.door import DOOR, Call, Response
from dpx.templates import create_template


@DOOR.operation("createContractTemplate")
def handler(call: Call) -> Response:
    from dpx.schemas.terms import new_template

    return call.json(create_template(call, new_template(call.document)), 201)
