"""updateDataProductContractTemplate: PATCH {B}/contract_templates/{contract_template_id} (contract section 6)."""

from dpx.door import DOOR, Call, Response
from dpx.templates import patch_template, template_keys


@DOOR.operation("updateDataProductContractTemplate", reads=template_keys)
def handler(call: Call) -> Response:
    return call.json(patch_template(call))
