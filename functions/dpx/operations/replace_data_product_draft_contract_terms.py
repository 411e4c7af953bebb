"""replaceDataProductDraftContractTerms: PUT {terms of a draft} (contract section 6)."""

from dpx.door import DOOR, Call, Response
from dpx.paths import draft_at, draft_keys
from dpx.terms import replace_terms


@DOOR.operation("replaceDataProductDraftContractTerms", reads=draft_keys)
def handler(call: Call) -> Response:
    from dpx.schemas.terms import whole_terms

    return call.json(replace_terms(call, draft_at(call), whole_terms(call.document)))
