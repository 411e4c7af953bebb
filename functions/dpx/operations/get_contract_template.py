"""getContractTemplate: GET {B}/contract_templates/{contract_template_id} (contract section 6)."""

from dpx.door import DOOR, Call, Response
from dpx.templates import template_answer, template_keys


@DOOR.operation("getContractTemplate", reads=template_keys)
def handler(call: Call) -> Response:
    return call.json(template_answer(call))
