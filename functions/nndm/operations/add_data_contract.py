"""addDataContract: PUT /api/datacontracts/{id}, create or replace (contract section 3.2; rules O1, O2)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.contract import CONTRACT
from nndm.reads import record_with
from nndm.rights import owner_only
from souk.contracts.contracts import put_contract


@DOOR.operation(
    "addDataContract", reads=record_with("contract", ("team", ("info", "owner")), ("team", ("team", "name")))
)
def handler(call: Call) -> Response:
    from nndm.schemas.contract import contract_models
    from nndm.schemas.fields import checked

    document = checked(contract_models(call.document), call)
    owner_only(call, "contract", call.path["id"], CONTRACT, document)
    put_contract(call.work, call.path["id"], document, CONTRACT)
    return call.empty()
