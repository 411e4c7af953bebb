"""getDataContractYaml: GET /api/datacontracts/{id}/datacontract.yaml (contract section 3.2, ruling R5)."""

from nndm.door import DOOR, Call, Response, record_at
from nndm.lens.contract import CONTRACT


@DOOR.operation("getDataContractYaml", reads=record_at("contract"))
def handler(call: Call) -> Response:
    from souk.yamltext import yaml_text

    document = CONTRACT.show(call.work.get("contract", call.path["id"]))
    return call.text(yaml_text(document), content_type="application/yaml; charset=utf-8")
