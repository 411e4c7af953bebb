"""deleteDataProductContractTemplate: DELETE {B}/contract_templates/{contract_template_id} (contract section 6)."""

from dpx.door import DOOR, Call, Response
from dpx.templates import delete_template, template_keys


@DOOR.operation("deleteDataProductContractTemplate", reads=template_keys)
def handler(call: Call) -> Response:
    delete_template(call)
    return call.empty(204)
